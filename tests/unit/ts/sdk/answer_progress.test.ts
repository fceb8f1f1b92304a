/** What is known of an answer while it is written. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AnswerProgress } from "../../../../web/sdk/sessions/progress.ts";

test("the pieces are one text, and the status hears of it once a second", () => {
  const progress = new AnswerProgress();
  assert.deepEqual(progress.add("One ", 3, 1_000), { phase: "answering", text: "Answering" });
  assert.equal(progress.add("two ", 2, 1_999), undefined);
  const report = progress.add("three", 18, 3_000);
  assert.equal(report?.tokensPerSecond, 10); // the rate counts what came after the first piece
  assert.equal(progress.text, "One two three");
});

test("a rate over a moment is not told", () => {
  const progress = new AnswerProgress();
  progress.add("a", 1, 0);
  assert.equal(progress.add("b", 80, 1_000)?.tokensPerSecond, 80);
  const quick = new AnswerProgress();
  assert.equal("tokensPerSecond" in (quick.add("a", 50, 7) ?? {}), false);
});
