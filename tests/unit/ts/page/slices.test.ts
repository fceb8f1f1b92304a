/** A long plain text in slices: nothing of it is lost. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TemplateResult } from "lit";
import { inSlices } from "../../../../web/page/chat/slices.ts";

const textsOf = (text: string): string[] =>
  (inSlices(text) as TemplateResult[]).map(({ values }) => `${values[0]}`);

test("a text that is not long stays as it is", () => {
  assert.equal(inSlices("a\nb"), "a\nb");
});

test("lines are cut where they end", () => {
  const text = Array.from({ length: 1_000 }, (_, line) => (line % 3 ? `Line ${line} of many.` : "")).join(
    "\n",
  );
  const slices = textsOf(text);
  assert.ok(slices.length > 2);
  assert.equal(slices.join("\n"), text);
});

test("a line that is very long is cut after a word, or between characters", () => {
  for (const text of ["Some words. ".repeat(2_000), "x".repeat(20_001), `a${"😀".repeat(9_000)}`]) {
    const slices = textsOf(text);
    assert.ok(slices.length > 2 && slices.every((slice) => slice.length <= 8_000));
    assert.equal(slices.join(""), text);
    assert.ok(slices.every((slice) => slice.isWellFormed()));
  }
});
