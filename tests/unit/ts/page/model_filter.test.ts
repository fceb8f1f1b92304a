/** What a person finds in the list of models. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Filter, titles } from "../../../../web/page/kit/models/filter.ts";
import type { ModelEntry } from "../../../../web/sdk/index.ts";
import { modelEntry } from "../model_entry.ts";

const model = (id: string, name: string, more: Partial<ModelEntry> = {}): ModelEntry =>
  modelEntry(id, { name, ...more });

const all: Filter = { text: "", use: "", fitting: false };
const ids = (entries: ModelEntry[], filter: Partial<Filter> = {}): string[][] =>
  titles(entries, { ...all, ...filter }).map(({ versions }) => versions.map(({ id }) => id));

test("versions of a model stand together, the smallest that fits first", () => {
  const entries = [
    model("f32", "Llama 1B (4-bit, f32)", { bytes: 3 }),
    model("f16", "Llama 1B (4-bit)", { bytes: 2, fits: false }),
    model("other", "Llama 2B (4-bit)"),
    model("q0", "Llama 1B (16-bit)", { bytes: 9 }),
  ];
  assert.deepEqual(ids(entries), [["f32", "q0", "f16"], ["other"]]);
  assert.deepEqual(ids(entries, { fitting: true }), [["f32", "q0"], ["other"]]);
});

test("what is on this device comes first, then what the site brings", () => {
  const entries = [
    model("no", "A", { fits: false }),
    model("hub", "B"),
    model("ours", "C", { shipped: true }),
    model("here", "D", { cached: true }),
  ];
  assert.deepEqual(ids(entries), [["here"], ["ours"], ["hub"], ["no"]]);
});

test("a shipped model does not mix with a hub's of the same name", () => {
  const entries = [model("ours", "SmolLM2 (4-bit)", { shipped: true }), model("hub", "SmolLM2 (16-bit)")];
  assert.deepEqual(ids(entries), [["ours"], ["hub"]]);
});

test("every word must be found, in any of the facts", () => {
  const entries = [
    model("a", "Qwen Coder", { goodFor: ["coding"], license: "Apache-2.0" }),
    model("b", "Qwen", { license: "Apache-2.0" }),
  ];
  assert.deepEqual(ids(entries, { text: " QWEN programming " }), [["a"]]);
  assert.deepEqual(ids(entries, { text: "apache" }), [["a"], ["b"]]);
  assert.deepEqual(ids(entries, { text: "qwen mit" }), []);
});

test("models that cannot answer, or only for tests, are shown to who asks for them", () => {
  const entries = [
    model("chat", "Chat"),
    model("embed", "Embed", { goodFor: ["embedding"] }),
    model("tiny", "Tiny", { goodFor: ["testing"] }),
  ];
  assert.deepEqual(ids(entries), [["chat"]]);
  assert.deepEqual(ids(entries, { use: "testing" }), [["tiny"]]);
  assert.deepEqual(ids(entries, { use: "embedding" }), [["embed"]]);
});

test("what is on this device is always listed, so that it can be removed", () => {
  const entries = [
    model("large", "Large", { fits: false, cached: true }),
    model("larger", "Larger", { fits: false }),
    model("embed", "Embed", { goodFor: ["embedding"], cached: true }),
  ];
  assert.deepEqual(ids(entries, { fitting: true }), [["large"], ["embed"]]);
});
