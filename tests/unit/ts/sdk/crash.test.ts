/** What is offered instead of a model whose loading ended a page. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { crashOf } from "../../../../web/sdk/models/crash.ts";
import type { ModelEntry } from "../../../../web/sdk/models/entry.ts";
import { modelEntry } from "../model_entry.ts";

const entry = (id: string, bytes: number, other: Partial<ModelEntry> = {}): ModelEntry =>
  modelEntry(id, { bytes, provider: "llamacpp", shipped: true, goodFor: ["chat"], ...other });

const LOST = entry("lost", 100);
const offered = (...others: ModelEntry[]): string | undefined =>
  crashOf("lost", [LOST, ...others])?.smaller?.id;

test("the largest smaller one, and before it one that is here", () => {
  assert.equal(offered(entry("equal", 100), entry("larger", 200)), undefined);
  assert.equal(offered(entry("small", 10), entry("middle", 60), entry("larger", 200)), "middle");
  assert.equal(offered(entry("here", 10, { cached: true, shipped: false }), entry("middle", 60)), "here");
});

test("none that does not fit, is elsewhere, or is for something else", () => {
  const others: Partial<ModelEntry>[] = [{ fits: false }, { shipped: false }, { sees: true }];
  for (const other of [
    ...others,
    { goodFor: ["embedding"] },
    { goodFor: ["voice"] },
    { goodFor: ["reading"] },
  ]) {
    assert.equal(offered(entry("other", 10, other)), undefined, JSON.stringify(other));
  }
});

test("a model that is not known any more is no crash", () => {
  assert.equal(crashOf("gone", [LOST]), null);
});
