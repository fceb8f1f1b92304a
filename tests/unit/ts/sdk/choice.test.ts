import assert from "node:assert/strict";
import { test } from "node:test";
import type { Capabilities } from "../../../../web/sdk/capabilities.ts";
import { type Choosing, choose, fallback, type Wish } from "../../../../web/sdk/models/choice.ts";
import { fitOf } from "../../../../web/sdk/models/fit.ts";
import { Server } from "../../../../web/sdk/models/server.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import type { LlamaCppModel, ModelSpec, WebLlmModel } from "../../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const FACTS = { family: "f", license: "MIT", context: 4096, system: "" };
const CPU: LlamaCppModel = {
  ...FACTS,
  id: "cpu",
  name: "Small",
  engine: "llamacpp",
  files: [{ url: "m.gguf", bytes: 1e8, sha256: "" }],
};
const gpuModel = (id: string, vram: number, features: string[] = []): WebLlmModel => ({
  ...FACTS,
  id,
  name: id,
  engine: "webllm",
  weights: "w/",
  library: "l.wasm",
  files: [],
  bytes: vram,
  vram,
  features,
  goodFor: ["general"],
});
const GPU = gpuModel("gpu", 5e8);
const HUGE = gpuModel("huge", 9e9);
const HALF = gpuModel("half", 5e8, ["shader-f16"]);
const EMBED = { ...gpuModel("embed", 1e6), record: { model_type: 1 } };
const MODELS: ModelSpec[] = [CPU, GPU, HUGE, HALF, EMBED];

const CARD = {
  supported: true,
  reason: "",
  adapter: "A card",
  vendor: "v",
  architecture: "a",
  software: false,
  f16: false,
  features: [] as string[],
  limits: null,
};
const NONE = { ...CARD, supported: false, reason: "This browser has no WebGPU.", adapter: "" };

function on(webgpu: typeof CARD, memory: number | null = 8): Choosing {
  const find = async (id: string) => {
    const spec = MODELS.find((model) => model.id === id);
    if (!spec) throw new AlcoveError("model-not-found", "no such model");
    return spec;
  };
  const first = (engine: string) => MODELS.find((model) => model.engine === engine) as ModelSpec;
  return {
    models: { find, first } as unknown as Choosing["models"],
    server: new Server(new Settings(null)),
    capabilities: { webgpu, memory, threads: 4 } as unknown as Capabilities,
  };
}

const auto = (wish: Partial<Wish> = {}): Wish => ({ provider: "auto", ...wish });
const code = (expected: string) => (error: unknown) =>
  error instanceof AlcoveError && error.code === expected;

test("a real graphics card is taken by itself, and is named", async () => {
  const choice = await choose(auto(), on(CARD));
  assert.deepEqual([choice.provider, choice.model, choice.device], ["webllm", "gpu", "A card"]);
});

test("without a graphics card the processor answers, and says why", async () => {
  const choice = await choose(auto(), on(NONE));
  assert.deepEqual([choice.provider, choice.model], ["llamacpp", "cpu"]);
  assert.equal(choice.why, NONE.reason);
  const software = await choose(auto(), on({ ...CARD, software: true }));
  assert.equal(software.provider, "llamacpp");
  assert.match(software.why, /no graphics card/);
});

test("what is asked for comes first, and fails plainly where it cannot be had", async () => {
  assert.equal((await choose(auto({ model: "cpu" }), on(CARD))).provider, "llamacpp");
  assert.equal((await choose({ provider: "webllm" }, on({ ...CARD, software: true }))).model, "gpu");
  await assert.rejects(choose({ provider: "webllm" }, on(NONE)), code("unsupported"));
  await assert.rejects(choose(auto({ model: "gpu" }), on(NONE)), code("unsupported"));
  await assert.rejects(choose(auto({ model: "none" }), on(CARD)), code("model-not-found"));
  await assert.rejects(choose({ provider: "webllm", model: "cpu" }, on(CARD)), code("bad-request"));
  await assert.rejects(choose({ provider: "openai" }, on(CARD)), code("bad-request"));
});

test("a conversation keeps its model, then the person's preference counts, if they fit", async () => {
  const before = { provider: "llamacpp", model: "cpu" };
  assert.equal((await choose(auto({ before, preferred: "gpu" }), on(CARD))).model, "cpu");
  assert.equal((await choose(auto({ preferred: "cpu" }), on(CARD))).model, "cpu");
  const gone = { provider: "webllm", model: "gone" };
  assert.equal((await choose(auto({ before: gone }), on(CARD))).model, "gpu");
  const unfit = { provider: "webllm", model: "half" };
  assert.equal((await choose(auto({ before: unfit }), on(CARD))).model, "gpu");
});

test("an embedding model never answers", async () => {
  await assert.rejects(choose(auto({ model: "embed" }), on(CARD)), code("unsupported"));
  const before = { provider: "webllm", model: "embed" };
  assert.equal((await choose(auto({ before, preferred: "embed" }), on(CARD))).model, "gpu");
});

test("the person's own server is used only when it was chosen", async () => {
  const parts = on(CARD);
  await parts.server.set({ baseUrl: " http://localhost:8080/v1/ ", model: "big", apiKey: "secret" });
  assert.equal((await choose(auto(), parts)).provider, "webllm");
  const choice = await choose({ provider: "openai" }, parts);
  assert.deepEqual([choice.model, choice.device], ["big", "localhost:8080"]);
  const before = { provider: "openai", model: "other" };
  assert.equal((await choose(auto({ before }), parts)).model, "other");
  await parts.server.forget();
  assert.equal((await choose(auto({ before }), parts)).provider, "webllm");
});

test("a server keeps its key to itself, and takes only addresses that are safe to call", async () => {
  const server = new Server(new Settings(null));
  await server.set({ baseUrl: "https://host/v1", model: "m", apiKey: "secret" });
  await server.set({ baseUrl: "https://host/v2", model: "m" });
  assert.deepEqual(await server.get(), { baseUrl: "https://host/v2", model: "m", hasKey: true });
  assert.equal((await server.required()).apiKey, "secret");
  await server.set({ baseUrl: "https://elsewhere/v1", model: "m" });
  assert.equal((await server.get())?.hasKey, false);
  await server.set({ baseUrl: "http://localhost:11434", model: "m" });
  assert.equal((await server.get())?.baseUrl, "http://localhost:11434/v1");
  for (const baseUrl of ["", "host", "http://far.example/v1", "ftp://host/"]) {
    await assert.rejects(server.set({ baseUrl, model: "m" }), code("bad-request"));
  }
});

test("a model fits by its features and by memory, and the reason is said", () => {
  const { capabilities } = on(CARD, 4);
  assert.deepEqual(fitOf(GPU, capabilities), { fits: true, why: "" });
  assert.match(fitOf(HALF, capabilities).why, /shader-f16/);
  assert.equal(fitOf(HUGE, capabilities).fits, false);
  assert.match(fitOf({ ...GPU, record: { model_manifest: "m" } }, capabilities).why, /cannot run this kind/);
  assert.equal(fitOf(EMBED, capabilities).fits, true);
  // A browser never tells of more than 8 GB: what needs more may fit.
  assert.equal(fitOf(HUGE, on(CARD, 8).capabilities).fits, true);
  assert.equal(fitOf(HUGE, on({ ...CARD, software: true }, 8).capabilities).fits, false);
});

test("a model that only looks at pictures holds no conversation by itself", async () => {
  const eyes = { ...CPU, id: "eyes", goodFor: ["vision"] } as ModelSpec;
  const both = { ...CPU, id: "both", goodFor: ["vision", "general"] } as ModelSpec;
  const parts = on(NONE);
  const find = async (id: string) => [eyes, both].find((model) => model.id === id);
  Object.assign(parts.models, { find });
  const before = { provider: "llamacpp", model: "eyes" };
  assert.equal((await choose(auto({ before, preferred: "eyes" }), parts)).model, "cpu");
  assert.equal((await choose(auto({ preferred: "both" }), parts)).model, "both");
  assert.equal((await choose(auto({ model: "eyes" }), parts)).model, "eyes");
});

test("the processor takes over from a card that failed, and says so", () => {
  const choice = fallback(new AlcoveError("device-lost", "The graphics card was lost."), on(CARD));
  assert.equal(choice.provider, "llamacpp");
  assert.match(choice.why, /was lost/);
});
