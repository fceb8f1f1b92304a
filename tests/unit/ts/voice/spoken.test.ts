import assert from "node:assert/strict";
import { test } from "node:test";
import { spoken } from "../../../../workers/voice/words/spoken.ts";

const SAID: [string, string][] = [
  [
    "From 10:30–11:45, at 2026-11-27T12:30:00Z",
    "From ten thirty to eleven forty five, at November twenty seventh, twenty twenty six at twelve thirty",
  ],
  [
    "-5°C to +10°C, and -$3",
    "minus five degrees Celsius to plus ten degrees Celsius, and minus three dollars",
  ],
  [
    "St. John lives on Main St. in GitHub's and/or C# club",
    "Saint John lives on Main Street in Git Hub's and or C sharp club",
  ],
  ["A co-op @ 9, McDonald", "A co op at nine, McDonald"],
  ["It costs $12.50, or €3 million.", "It costs twelve dollars and fifty cents, or three million euros."],
  ["$1.01 and $0.05 and £1", "one dollar and one cent and five cents and one pound"],
  [
    "20 EUR for 1,234,567 people",
    "twenty euros for one million two hundred thirty four thousand five hundred sixty seven people",
  ],
  ["On 2026-11-27 at 3:05 pm.", "On November twenty seventh, twenty twenty six at three oh five P M."],
  [
    "March 3, 1999 and 12 Nov 2005",
    "March third, nineteen ninety nine and November twelfth, two thousand five",
  ],
  ["Meet at 15:30 or 7am or 12:00.", "Meet at fifteen thirty or seven A M or twelve o'clock."],
  ["In the 1990s, in 1905 and in 2012", "In the nineteen nineties, in nineteen oh five and in twenty twelve"],
  [
    "It ran 5 km in 3.5 h at 20°C.",
    "It ran five kilometers in three point five hours at twenty degrees Celsius.",
  ],
  ["1 kg, 10 m/s, 4 m², 90%", "one kilogram, ten meters per second, four square meters, ninety percent"],
  ["Dr. Smith, e.g. the 21st of 3 people.", "Doctor Smith, for example the twenty first of three people."],
  ["See Fig. 2 and World War II.", "See figure two and World War two."],
  ["Half is 1/2; a ½ cup; 3/4.", "Half is one half; a one half cup; three quarters."],
  ["Pages 5–10, -3 degrees", "Pages five to ten, minus three degrees"],
  ["Call +1 555 123 4567", "Call plus one, five five five, one two three, four five six seven"],
  ["Read https://www.example.com/a/b?c=1.", "Read example dot com."],
  ["Write to jo.doe@mail.example.org!", "Write to jo dot doe at mail dot example dot org!"],
  [
    "127.0.0.1:8000 and v1.2.3",
    "one two seven dot zero dot zero dot one, port eight zero zero zero and one point two point three",
  ],
  ["**Bold**, _soft_, `getName()` and [a link](https://x.y)", "Bold, soft, get Name and a link"],
  ["## Title", "Title"],
  ["- [x] done", "done"],
  ["| a | b |", "a, b"],
  ["x = 3 and y ≤ 4 & z", "x equals three and y is at most four and z"],
  ['The naïve café — it\'s "fine" (really).', "The naive cafe, it's fine, really."],
  ["007", "zero zero seven"],
  ["1000000000000000000000", `one${" zero".repeat(21)}`],
  ["rock 'n' roll, the boys' cats", "rock n roll, the boys cats"],
  ["state-of-the-art", "state of the art"],
];

for (const [written, words] of SAID) {
  test(`"${written}" is said`, () => assert.equal(spoken(written).words, words));
}

const SKIPPED: [string, string, string[]][] = [
  ["Well done 🎉👩‍🚀!", "Well done!", ["an emoji"]],
  ["🙂", "", ["an emoji"]],
  ["你好，世界", "", ["text in Chinese"]],
  ["Say Привет мир now", "Say now", ["text in Cyrillic letters"]],
  ["こんにちは and 안녕", "and", ["text in Japanese", "text in Korean"]],
  ["Run `x => x + 1` now", "Run now", ["code"]],
  ["See https://a.example/b", "See a dot example", ["the rest of an address"]],
  ["so \\(x^2\\) is", "so is", ["a formula"]],
  [`a ${"x".repeat(500)} b`, "a b", ["a word of more than 60 letters"]],
  ["", "", []],
  ["*** --- ...", "", []],
];

for (const [written, words, skipped] of SKIPPED) {
  test(`of "${written.slice(0, 30)}" is said what is left out`, () =>
    assert.deepEqual(spoken(written), { words, skipped }));
}

test("whatever it is given, it answers soon, and with nothing but words and marks", () => {
  const hard = [
    "$".repeat(5000),
    "(".repeat(5000),
    "`".repeat(4999),
    "1".repeat(5000),
    "a_".repeat(3000),
    "[".repeat(3000),
  ];
  for (const each of [...hard, "1,".repeat(3000), "@".repeat(3000), "/a".repeat(2000), "| - ".repeat(1000)]) {
    const started = performance.now();
    assert.match(spoken(each).words, /^[\p{L}'.,!?;: ]*$/u);
    assert.ok(
      performance.now() - started < 2000,
      `${each.slice(0, 4)} took ${performance.now() - started} ms`,
    );
  }
});
