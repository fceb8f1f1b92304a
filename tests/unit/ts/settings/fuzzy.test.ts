/** What a few letters find, and which keys lead where. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { optionAfter } from "../../../../web/page/kit/typing/active-option.ts";
import { isComposing } from "../../../../web/page/kit/typing/composing.ts";
import { matching } from "../../../../web/page/kit/typing/fuzzy.ts";

const NAMES = [
  "New conversation",
  "Settings",
  "Appearance",
  "Über Möwen",
  "Rezepte (alt)",
  "a.*b",
  "日本の天気",
];
const found = (typed: string, names: readonly string[] = NAMES): string[] =>
  matching(names, typed, (name) => name);

test("nothing typed finds all, as they come", () => {
  assert.deepEqual(found(""), NAMES);
  assert.deepEqual(found("  "), NAMES);
});

test("the beginning, the middle and scattered letters are found, and none of other things", () => {
  assert.deepEqual(found("sett"), ["Settings"]);
  assert.deepEqual(found("pear"), ["Appearance"]);
  assert.deepEqual(found("stngs"), ["Settings"]);
  assert.deepEqual(found("conv new"), ["New conversation"]);
  assert.deepEqual(found("xyz"), []);
});

test("accents, capitals, signs of patterns and other scripts are letters like all others", () => {
  assert.deepEqual(found("UBER mow"), ["Über Möwen"]);
  assert.deepEqual(found(".*"), ["a.*b"]);
  assert.deepEqual(found("("), ["Rezepte (alt)"]);
  assert.deepEqual(found("天気"), ["日本の天気"]);
});

test("what begins with it stands first, then words that do, then the rest", () => {
  const names = ["remodel", "A model", "model shop"];
  assert.deepEqual(found("model", names), ["model shop", "A model", "remodel"]);
});

test("letters from all over a long name are no find", () => {
  assert.deepEqual(found("abc", [`a${"-".repeat(50)}b${"-".repeat(50)}c`]), []);
});

test("ten thousand names are looked through for a word of any length at once", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `Conversation about herons, number ${i}`);
  const began = performance.now();
  assert.equal(found("9999", names)[0], names[9999]);
  found("x".repeat(100_000), names);
  assert.ok(performance.now() - began < 2_000);
});

test("arrows go round, pages stop at the ends, and other keys lead nowhere", () => {
  assert.deepEqual(
    [optionAfter("ArrowDown", 2, 3), optionAfter("ArrowUp", 0, 3), optionAfter("PageDown", 0, 3)],
    [0, 2, 2],
  );
  assert.deepEqual(
    [optionAfter("PageUp", 2, 3), optionAfter("a", 0, 3), optionAfter("ArrowDown", 0, 0)],
    [0, null, null],
  );
});

test("the Enter of an input method is told by Chrome's flag and by Safari's code", () => {
  const key = (about: Partial<KeyboardEvent>) =>
    isComposing({ isComposing: false, keyCode: 13, ...about } as KeyboardEvent);
  assert.deepEqual([key({ isComposing: true }), key({ keyCode: 229 }), key({})], [true, true, false]);
});
