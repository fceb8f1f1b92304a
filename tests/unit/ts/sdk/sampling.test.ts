/** How a model is to choose its words: what is none is refused with its range. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkedSampling } from "../../../../web/sdk/store/sampling.ts";

test("what is right stays as it is, without what it leaves open", () => {
  const all = { temperature: 2, topP: 0, maxTokens: 1, frequencyPenalty: -2, presencePenalty: 2, seed: 0 };
  assert.deepEqual(checkedSampling({ ...all, stop: ["a", "b"] }), { ...all, stop: ["a", "b"] });
  assert.deepEqual(checkedSampling({ stop: "END" }), { stop: "END" });
  assert.deepEqual(checkedSampling({ temperature: undefined, topP: null }), {});
});

for (const wrong of [
  null,
  [],
  "hot",
  { temperature: 2.1 },
  { temperature: "1" },
  { temperature: Number.NaN },
  { topP: -0.1 },
  { maxTokens: 0 },
  { maxTokens: 1.5 },
  { maxTokens: Number.POSITIVE_INFINITY },
  { seed: -1 },
  { seed: 2 ** 32 - 1 },
  { topK: 3 },
  { constructor: 1 },
  { stop: "" },
  { stop: [1] },
  { stop: Array(17).fill("x") },
]) {
  test(`refuses ${JSON.stringify(wrong)}`, () => {
    assert.throws(() => checkedSampling(wrong), { code: "bad-request" });
  });
}
