/**
 * Writes prebuilt.json: every model of WebLLM's own list, in the words of our catalogue (`WebLlmModel` in
 * workers/engine/contract.ts). Run it by hand after a new release of WebLLM:
 *
 *     node models/catalogue/webllm/generate.mjs
 *
 * GPU memory, window, needed features and addresses are WebLLM's own figures. Its list has no download
 * sizes: `bytes` is an estimate, parameters × bits of the quantisation, right within a few per cent.
 * What the list does not say at all stands in families.mjs; a model that is missing there stops the run.
 *
 * What models/pins.json knows is pinned: the commit of a folder of weights, and commit and hash of a library.
 *
 * `record` carries what the engine needs beside the address: the fields of WebLLM's own record that are
 * neither facts for a person nor the window.
 */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { MODELS } from "./families.mjs";

const pins = JSON.parse(readFileSync(new URL("../../pins.json", import.meta.url), "utf8"));

const { prebuiltAppConfig } = createRequire(import.meta.url)("@mlc-ai/web-llm");

/** Bits of a weight, with its share of the scale of its group (32 weights; 40 for three bits). */
const QUANTISATIONS = {
  q3f16_1: { bits: 3.6, words: "3-bit" },
  q4f16_1: { bits: 4.5, words: "4-bit" },
  q4f32_1: { bits: 5, words: "4-bit, f32" },
  q0f16: { bits: 16, words: "16-bit" },
  q0f32: { bits: 32, words: "32-bit" },
};

const NAME = /^(?<model>.+)-(?<quantisation>q\d+f\d+(?:_\d)?)-MLC(?:-(?<variant>1k|b4|b32))?$/;
const VARIANTS = { "1k": "1k window", b4: "4 at once", b32: "32 at once" };
const LOW_END_BYTES = 1.5e9;
const EMBEDDING = 1;
/** The list gives no window for embedding models; their libraries are named ctx512. */
const EMBEDDING_WINDOW = 512;

/** The folder of the weights, at the commit that is known. */
function weights(model) {
  const repository = new URL(model).pathname.slice(1);
  return `${model}/resolve/${pins.commits[repository]?.commit ?? "main"}/`;
}

/** The library, at the commit whose bytes are known. */
function library(url) {
  const pin = pins.libraries[url];
  return pin ? { library: url.replace("/main/", `/${pin.commit}/`), librarySha256: pin.sha256 } : { library: url };
}

function entry(record) {
  const { model, quantisation, variant } = NAME.exec(record.model_id)?.groups ?? {};
  const facts = MODELS.find((known) => known.model === model);
  const how = QUANTISATIONS[quantisation];
  if (!facts || !how) throw new Error(`families.mjs or QUANTISATIONS lacks ${record.model_id}`);
  const { context_window_size: window, ...overrides } = record.overrides ?? {};
  const vram = Math.round(record.vram_required_MB * 1e6);
  const features = new Set(record.required_features);
  // The list leaves this out for newer models, but a shader with f16 values does not compile without it.
  if (quantisation.includes("f16")) features.add("shader-f16");
  const small = vram <= LOW_END_BYTES && facts.goodFor.includes("general");
  const extra = {
    ...(record.model_type ? { model_type: record.model_type } : {}),
    ...(record.model_manifest ? { model_manifest: record.model_manifest } : {}),
    ...(record.buffer_size_required_bytes
      ? { buffer_size_required_bytes: record.buffer_size_required_bytes }
      : {}),
    ...(Object.keys(overrides).length ? { overrides } : {}),
  };
  return {
    id: record.model_id,
    name: `${facts.name} (${[how.words, VARIANTS[variant]].filter(Boolean).join(", ")})`,
    engine: "webllm",
    family: facts.family,
    license: facts.license,
    context: record.model_type === EMBEDDING ? EMBEDDING_WINDOW : window,
    // The model's own configuration brings its system prompt.
    system: "",
    weights: weights(record.model),
    ...library(record.model_lib),
    files: [],
    bytes: Math.round((facts.parameters * 1000 * how.bits) / 8) * 1e6,
    vram,
    features: [...features],
    goodFor: small ? [...facts.goodFor, "low-end"] : facts.goodFor,
    ...(Object.keys(extra).length ? { record: extra } : {}),
  };
}

const entries = prebuiltAppConfig.model_list.map(entry);
const target = new URL("prebuilt.json", import.meta.url);
// A new file, not new content: a build links to the old one.
const part = new URL("prebuilt.json.part", import.meta.url);
writeFileSync(part, `[\n${entries.map((each) => JSON.stringify(each)).join(",\n")}\n]\n`);
renameSync(part, target);
console.log(`${entries.length} models`);
