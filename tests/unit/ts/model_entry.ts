import type { ModelEntry } from "../../../web/sdk/index.ts";

/** A model as the list of models has it. */
export const modelEntry = (id: string, more: Partial<ModelEntry> = {}): ModelEntry => ({
  id,
  name: id,
  family: "llama",
  license: "MIT",
  provider: "webllm",
  bytes: 1_000,
  context: 4096,
  goodFor: ["general"],
  sees: false,
  shipped: false,
  cached: false,
  verified: "published",
  pinned: false,
  lastUsed: 0,
  fits: true,
  why: "",
  ...more,
});
