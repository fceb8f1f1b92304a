/** What a newcomer is told follows the device, the model and what it costs. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenWords, honestWords, largerWords, whereWords } from "../../../../web/page/first/words.ts";
import type { Capabilities, Choice, ModelEntry } from "../../../../web/sdk/index.ts";

const CHOICE: Choice = {
  provider: "llamacpp",
  model: "small",
  name: "Small",
  device: "Processor",
  why: "This browser has no WebGPU.",
};
const model = (more: Partial<ModelEntry>): ModelEntry =>
  ({
    id: "small",
    name: "Small",
    bytes: 98e6,
    cached: false,
    fits: true,
    goodFor: ["general"],
    ...more,
  }) as ModelEntry;

test("it says where the model runs, and that a server's does not run here", () => {
  assert.match(whereWords(CHOICE), /in this tab, on your processor/);
  assert.match(whereWords({ ...CHOICE, provider: "webllm" }), /graphics card/);
  const server = whereWords({ ...CHOICE, provider: "openai", device: "ai.example" });
  assert.match(server, /ai\.example.*goes there/);
  assert.doesNotMatch(server, /this tab/);
});

const DEVICE = { threads: 8, memory: 8, webgpu: { supported: false } } as Capabilities;

test("a model's size is told as what is still to be fetched, or as what is here", () => {
  assert.equal(
    chosenWords(CHOICE, model({}), DEVICE),
    "Small (98 MB, fetched once), for 8 processor threads and 8 GB of memory or more. This browser has no WebGPU.",
  );
  assert.match(chosenWords(CHOICE, model({ cached: true }), DEVICE), /98 MB, on this device/);
  const server = { ...CHOICE, provider: "openai", why: "You chose it." };
  assert.equal(chosenWords(server, undefined, DEVICE), "Small. You chose it.");
});

test("the smaller the model, the less is promised", () => {
  assert.match(honestWords(98e6), /very small: .*poor at facts, sums, code/);
  assert.match(honestWords(500e6), /^It is small:/);
  assert.match(honestWords(5e9), /still makes facts up/);
  assert.match(honestWords(undefined), /may be wrong/);
});

test("a graphics card is named; a processor that plays one is none", () => {
  const webgpu = { supported: true, software: false, adapter: "A card" };
  const told = (more: object) => chosenWords(CHOICE, model({}), { ...DEVICE, ...more } as Capabilities);
  assert.match(told({ webgpu }), /8 GB of memory or more, and A card\./);
  assert.match(
    told({ threads: 1, memory: null, webgpu: { ...webgpu, software: true } }),
    /for one processor thread\./,
  );
});

test("only models that answer, fit and are larger are counted, each once whatever its versions", () => {
  const models = [
    model({}),
    model({ id: "a", name: "A (4-bit)", bytes: 1e9 }),
    model({ id: "b", name: "A (8-bit)", bytes: 2e9 }),
    model({ id: "c", name: "C", bytes: 9e9, fits: false }),
    model({ id: "d", name: "D", bytes: 1e9, goodFor: ["vision"] }),
    model({ id: "e", name: "E", bytes: 1e9, goodFor: ["voice"] }),
  ].map((each) => ({ ...each, family: "", license: "", provider: "llamacpp" }) as ModelEntry);
  assert.equal(largerWords(models, 98e6), "One larger model fits this device.");
  assert.equal(largerWords(models, 3e9), "");
  assert.equal(
    largerWords([...models, { ...models[1], id: "f", name: "F" } as ModelEntry], 98e6),
    "2 larger models fit this device.",
  );
});
