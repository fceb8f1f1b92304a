/** What a person reads of models and of their device. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, size } from "../../../../web/page/kit/format.ts";
import { place, running } from "../../../../web/page/kit/models/words.ts";
import { deviceFacts } from "../../../../web/page/models/device-words.ts";
import type { Capabilities, Choice } from "../../../../web/sdk/index.ts";

const choice = (provider: Choice["provider"], device: string): Choice => ({
  provider,
  model: "m",
  name: "M",
  device,
  why: "You chose it.",
});

test("what answers is named with its place and the reason", () => {
  assert.equal(running(choice("llamacpp", "Processor")), "Running on the processor. You chose it.");
  assert.equal(running(choice("webllm", "Radeon")), "Running on the graphics card (Radeon). You chose it.");
  assert.match(running(choice("openai", "my.host")), /my\.host: what you write leaves this device/);
  assert.equal(place(choice("openai", "my.host")), "my.host");
});

const capabilities: Capabilities = {
  webgpu: {
    supported: false,
    reason: "This browser has no WebGPU.",
    adapter: "",
    vendor: "",
    architecture: "",
    software: false,
    f16: false,
    features: [],
    limits: null,
  },
  crossOriginIsolated: false,
  threads: 1,
  memory: null,
  opfs: true,
  indexedDB: true,
  serviceWorker: true,
  quota: { usage: 98e6, quota: 10e9 },
  notices: [],
};

test("a device without graphics card says why, and guesses nothing", () => {
  const facts = Object.fromEntries(deviceFacts(capabilities));
  assert.equal(facts["Graphics card (WebGPU)"], "No. This browser has no WebGPU.");
  assert.equal(facts.Memory, "The browser does not tell");
  assert.match(facts["Processor threads"] ?? "", /^1: this page is not isolated/);
  assert.equal(facts["Room for models"], "9.9 GB free, 98 MB in use");
  assert.equal(Object.keys(facts).length, 4);
});

test("a graphics card is told by name, with what it lacks", () => {
  const webgpu = {
    ...capabilities.webgpu,
    supported: true,
    adapter: "Radeon",
    limits: { maxBufferSize: 2 ** 31, maxStorageBufferBindingSize: 2 ** 31 },
  };
  const facts = Object.fromEntries(deviceFacts({ ...capabilities, webgpu, memory: 8 }));
  assert.equal(facts["Name of the card"], "Radeon");
  assert.match(facts["Half-precision numbers (f16)"] ?? "", /^No/);
  assert.equal(facts["Largest piece of graphics memory"], "2.1 GB");
  assert.equal(facts.Memory, "8 GB or more");
});

test("sizes change their unit where a person would", () => {
  assert.deepEqual([1, 98_362_432, 999_400_000, 999_600_000, 4.5e9].map(size), [
    "1 MB",
    "98 MB",
    "999 MB",
    "1.0 GB",
    "4.5 GB",
  ]);
  assert.equal(bytesOf(42e6, 98e6), "42 of 98 MB");
  assert.equal(bytesOf(310e6, 1.8e9), "0.3 of 1.8 GB");
});
