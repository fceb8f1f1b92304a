import assert from "node:assert/strict";
import { test } from "node:test";
import { Sentences } from "../../../../web/sdk/voice/sentences.ts";

/** The sentences of a text that comes in pieces of `size`. */
function cut(text: string, size = text.length || 1): string[] {
  const sentences = new Sentences();
  const found = [];
  for (let at = 0; at < text.length; at += size) found.push(...sentences.push(text.slice(at, at + size)));
  found.push(...sentences.end());
  for (const { text: own, from } of found) assert.equal(text.slice(from, from + own.length), own);
  return found.map(({ text: own, kind }) => (kind === "code" ? `code:${own.length}` : own));
}

const CUT: [string, string[]][] = [
  ["One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]],
  [
    "Dr. Smith met J. R. Doe, e.g. at 3.14 p.m. in the U.S. capital. Then.",
    ["Dr. Smith met J. R. Doe, e.g. at 3.14 p.m. in the U.S. capital.", "Then."],
  ],
  ['She said "No." And left.', ['She said "No."', "And left."]],
  ["A line\nthat goes on. And ends\n\nA paragraph", ["A line\nthat goes on.", "And ends", "A paragraph"]],
  [
    "# Title\nText here.\n- one\n- two\n1. three. More.",
    ["# Title", "Text here.", "- one", "- two", "1. three.", "More."],
  ],
  ["Look:\n```js\nlet x = 1.5;\n\n// a. b. c\n```\nDone.", ["Look:", "code:34", "Done."]],
  ["```\nnever closed. At all", ["code:24"]],
  ["| a | b |\n|---|---|\n| 1 | 2 |", ["| a | b |", "|---|---|", "| 1 | 2 |"]],
  ["你好。世界！", ["你好。", "世界！"]],
  ["Wait... what?! Yes…", ["Wait...", "what?!", "Yes…"]],
  ["", []],
  [" \n\n ", []],
];

for (const [text, expected] of CUT) {
  for (const size of [undefined, 1, 3, 7]) {
    test(`"${text.slice(0, 24)}" is cut alike in pieces of ${size ?? "all"}`, () =>
      assert.deepEqual(cut(text, size), expected));
  }
}

test("the first sentence is given out before the second is whole", () => {
  const sentences = new Sentences();
  assert.deepEqual(sentences.push("Hello there. How "), [
    { text: "Hello there.", from: 0, kind: "words", ends: false },
  ]);
});

test("what has no end is cut where it can be, and nothing of it is lost", () => {
  const words = "and then, as I said, some words ".repeat(200);
  for (const text of [words, "x".repeat(2000), "🙂".repeat(500)]) {
    const parts = cut(text);
    assert.ok(parts.every((part) => part.length <= 280));
    assert.equal(parts.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
    assert.ok(parts.every((part) => part.isWellFormed()));
  }
});

test("a hundred thousand characters are cut soon", () => {
  const started = performance.now();
  const text = "This is a sentence of some words, more or less. ".repeat(2100);
  assert.equal(cut(text).length, 2100);
  assert.ok(performance.now() - started < 5000);
});
