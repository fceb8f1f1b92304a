/** What changed between two answers, and the short history. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, same } from "../../../../web/page/vision/changes.ts";
import { type Look, usualTime, withLook } from "../../../../web/page/vision/history.ts";

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

const look = (text: string, asked = "Describe", finish?: string): Omit<Look, "key" | "times"> => ({
  asked,
  text,
  thumbnail: "",
  ms: 10,
  at: new Date(0),
  ...(finish ? { finish } : {}),
});

test("the same answer again counts, another one comes first, and the list stays short", () => {
  let looks = withLook([], look("A ring."));
  looks = withLook(looks, { ...look("a ring"), ms: 20 });
  assert.equal(looks.length, 1);
  assert.equal(looks[0]?.times, 2);
  assert.equal(looks[0]?.ms, 20);
  looks = withLook(looks, look("A star."));
  looks = withLook(looks, look("A star.", "Count"));
  looks = withLook(looks, look("A star.", "Count", "cancelled"));
  assert.deepEqual(
    looks.map(({ times }) => times),
    [1, 1, 1, 2],
  );
  for (let index = 0; index < 50; index += 1) looks = withLook(looks, look(`Number ${index}`));
  assert.equal(looks.length, 24);
  assert.equal(new Set(looks.map(({ key }) => key)).size, 24);
});

test("the usual time is the middle one", () => {
  assert.equal(usualTime([]), undefined);
  assert.equal(usualTime([900, 100, 200]), 200);
});
