/** What changed between two answers, and the short history. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, same } from "../../../../web/page/vision/changes.ts";
import { type HistoryItem, usualTime, withItem } from "../../../../web/page/vision/history.ts";

const fresh = (before: string, now: string): string[] =>
  compare(before, now)
    .filter((word) => word.fresh)
    .map(({ text }) => text);

test("only the words that are new are marked, and none is lost", () => {
  const now = "A large blue circle on the left.";
  assert.deepEqual(fresh("A large red circle on the left.", now), ["blue"]);
  assert.equal(
    compare("", now)
      .map(({ text }) => text)
      .join(" "),
    now,
  );
});

test("what was said first and is gone leaves no mark", () => {
  assert.deepEqual(fresh("A red star and a blue ring.", "A blue ring."), []);
  assert.deepEqual(fresh("A blue ring.", "A red star and a blue ring."), ["red", "star", "and", "a"]);
});

test("case and punctuation are no change", () => {
  assert.ok(same("A red ring.", "a red  ring"));
  assert.ok(!same("A red ring.", "A red star."));
  assert.deepEqual(fresh("One ring, red", "One ring. Red!"), []);
});

test("signs alone are words of their own", () => {
  assert.ok(!same("3 + 5", "3 - 5"));
});

const item = (text: string, asked = "Describe", finish?: string): Omit<HistoryItem, "key" | "times"> => ({
  asked,
  text,
  thumbnail: "",
  ms: 10,
  at: new Date(0),
  ...(finish ? { finish } : {}),
});

test("the same answer again counts, another one comes first, and the list stays short", () => {
  let items = withItem([], item("A ring."));
  items = withItem(items, { ...item("a ring"), ms: 20 });
  assert.equal(items.length, 1);
  assert.equal(items[0]?.times, 2);
  assert.equal(items[0]?.ms, 20);
  items = withItem(items, item("A star."));
  items = withItem(items, item("A star.", "Count"));
  items = withItem(items, item("A star.", "Count", "cancelled"));
  assert.deepEqual(
    items.map(({ times }) => times),
    [1, 1, 1, 2],
  );
  for (let index = 0; index < 50; index += 1) items = withItem(items, item(`Number ${index}`));
  assert.equal(items.length, 24);
  assert.equal(new Set(items.map(({ key }) => key)).size, 24);
});

test("the usual time is the middle one", () => {
  assert.equal(usualTime([]), undefined);
  assert.equal(usualTime([900, 100, 200]), 200);
});
