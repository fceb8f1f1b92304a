import assert from "node:assert/strict";
import { test } from "node:test";
import { chunksOf } from "../../../../workers/documents/chunks.ts";
import { cutSection } from "../../../../workers/documents/parsers/cut.ts";
import { headingsOf } from "../../../../workers/documents/parsers/text.ts";
import { countTokens } from "../../../../workers/documents/tokens.ts";

const chunked = (text: string) => chunksOf({ text, headings: headingsOf(text) });

test("a short text is one passage, without the space around it", () => {
  assert.deepEqual(chunked("\n  One line.\nAnother.\n\n"), [
    { heading: "", text: "One line.\nAnother.", start: 3, end: 21 },
  ]);
});

test("every passage is what stands between its ends, and none is too long", () => {
  const paragraph = "The lighthouse keeper wrote down what the sea was like. ".repeat(9);
  const text = `# Log\n\n${Array.from({ length: 30 }, (_, day) => `## Day ${day}\n\n${paragraph}`).join("\n\n")}`;
  const chunks = chunked(text);
  assert.ok(chunks.length >= 30);
  for (const { text: said, start, end } of chunks) {
    assert.equal(text.slice(start, end), said);
    assert.ok(countTokens(said) <= 200, said);
  }
});

test("nothing of the text is left out", () => {
  const text = Array.from({ length: 400 }, (_, at) => `Sentence number ${at} stands here.`).join(" ");
  const chunks = chunked(text);
  for (let at = 0; at < 400; at++)
    assert.ok(chunks.some((each) => each.text.includes(`number ${at} stands`)));
});

test("a passage begins with the end of the one before", () => {
  const text = Array.from({ length: 60 }, (_, at) => `Sentence number ${at} stands here.`).join(" ");
  const [first, second] = chunked(text);
  assert.ok(first && second && second.start < first.end && second.start > first.start);
});

test("headings cut, and each passage knows those above it", () => {
  const text = "# Travel\n\nGeneral.\n\n## Hotels\n\nSleep well.\n\n## Trains\n\nRide.\n\n# Food\n\nEat.";
  assert.deepEqual(
    chunked(text).map(({ heading }) => heading),
    ["Travel", "Travel › Hotels", "Travel › Trains", "Food"],
  );
});

test("a heading in code is none, one that is underlined is", () => {
  const text = "```\n# no heading\n```\nTitle\n=====\ntext";
  assert.deepEqual(headingsOf(text), [{ at: 21, level: 1, text: "Title" }]);
});

test("a text without a space is cut all the same", () => {
  for (const text of ["x".repeat(5_000), "知".repeat(2_000)]) {
    const chunks = chunked(text);
    assert.equal(chunks.at(-1)?.end, text.length);
    for (const each of chunks) assert.ok(each.text.length <= 800);
  }
});

test("nothing gives nothing", () => {
  assert.deepEqual(chunked(""), []);
  assert.deepEqual(chunked(" \n\n \t"), []);
});

test("a long section is kept in parts, each under its headings", () => {
  const text = "# One\n\n## Two\n\nFirst words.\n\nSecond words.\n\n## Three\n\nThird.";
  const parts = cutSection({ page: 1, text, headings: headingsOf(text) }, 32);
  assert.equal(parts.map((part) => part.text).join("\n\n"), text);
  assert.ok(parts.every((part) => part.text.length <= 32));
  assert.deepEqual(
    parts.flatMap(chunksOf).map(({ heading, text: said }) => [heading, said.split("\n\n").at(-1)]),
    [
      ["One", "# One"],
      ["One › Two", "First words."],
      ["One › Two", "Second words."],
      ["One › Three", "Third."],
    ],
  );
  const long = "x".repeat(100);
  assert.equal(
    cutSection({ page: 1, text: long }, 30)
      .map((part) => part.text)
      .join(""),
    long,
  );
});
