/** From a model's description to a running one: card, files, library, weights, shaders, warm-up. */
import { type InitProgressReport, MLCEngine } from "@mlc-ai/web-llm";
import type { LoadProgress, WebLlmModel } from "../engine/contract.ts";
import { makesEmbeddings } from "../engine/embedding.ts";
import { PlainSpeech } from "../engine/plain-speech.ts";
import type { Located } from "../files/webllm-place.ts";
import { AlcoveError } from "../wire/errors.ts";
import { Watch } from "../wire/watch.ts";
import { Embedder } from "./embedder.ts";
import { loadFailure } from "./errors.ts";
import type { ModelFiles } from "./files.ts";
import { catchDevices, type Device, findCard } from "./gpu.ts";
import { WebLlmInstance } from "./instance.ts";
import { type ChatConfig, controlsOf } from "./manifest.ts";
import { type EmbeddingPipeline, type Pipeline, pipelineOf } from "./pipeline.ts";

/** A load that says nothing for this long has failed: compiling one large shader can take a minute. */
const LOAD_STEP_LIMIT_MS = 150_000;
/** How long a load that was given up may go on before the next one starts beside it. */
const GIVE_UP_MS = 10_000;

/** A card without room for a model's usual window may have room for half of it, down to this many tokens. */
const LEAST_CONTEXT = 1024;

type Tell = (progress: LoadProgress) => void;

/** What is needed to have a model again. */
export interface Wanted {
  model: WebLlmModel;
  /** Absolute URL of the root of the built site. */
  base: string;
}

/**
 * Brings `wanted` to life, with a shorter window where the card has too little memory for the usual one.
 * @throws AlcoveError unsupported, download-failed, integrity, quota, model-invalid, out-of-memory, device-lost,
 *   engine-crashed, cancelled
 */
export async function openModel(
  wanted: Wanted,
  files: ModelFiles,
  tell: Tell,
  signal: AbortSignal,
): Promise<WebLlmInstance | Embedder> {
  const { model } = wanted;
  try {
    return await openAsIs(wanted, files, tell, signal);
  } catch (thrown) {
    const context = Math.floor(model.context / 2);
    const full = thrown instanceof AlcoveError && thrown.code === "out-of-memory";
    if (!full || makesEmbeddings(model) || context < LEAST_CONTEXT) throw thrown;
    return openModel({ ...wanted, model: { ...model, context } }, files, tell, signal);
  }
}

async function openAsIs(
  { model, base }: Wanted,
  files: ModelFiles,
  tell: Tell,
  signal: AbortSignal,
): Promise<WebLlmInstance | Embedder> {
  const began = performance.now();
  const card = await findCard(model.features);
  const place = await files.download(model, base, tell, signal);
  const config = { ...(await files.config(place)), ...model.record?.overrides };
  const embeds = makesEmbeddings(model);
  const most = config.context_window_size;
  // The library of an embedding model is compiled for one window.
  const context = most <= 0 ? 0 : embeds ? most : Math.min(model.context, most);
  const { pipeline, device, engine } = await start(model, place, config, context, tell, signal);
  const parts = {
    device,
    loaded: {
      id: model.id,
      context: context || model.context,
      threads: 0,
      weights: config.quantization ?? "",
      device: card.name,
      loadMs: 0,
    },
    free: () => {
      void engine.unload().catch(() => undefined);
      device.close();
    },
  };
  tell({ stage: "warming", bytes: 0, total: 0 });
  let instance: WebLlmInstance | Embedder | undefined;
  try {
    const tokenizer = await files.tokenizer(place, config);
    if (embeds) {
      instance = await Embedder.open({ ...parts, pipeline: pipeline as EmbeddingPipeline, tokenizer });
      await instance.embed(await instance.tokens(["Hello"], signal), signal);
    } else {
      if (card.software) decodeInSoftware(pipeline as Pipeline);
      instance = new WebLlmInstance({
        ...parts,
        pipeline: pipeline as Pipeline,
        config,
        speech: new PlainSpeech(controlsOf(tokenizer)),
      });
      const system = model.system ? [{ role: "system" as const, content: model.system }] : [];
      await instance.prefill(instance.tokens(system, system.length === 0), signal);
    }
    signal.throwIfAborted();
  } catch (thrown) {
    if (instance) instance.close(new AlcoveError("cancelled", "Loading was stopped."));
    else parts.free();
    throw loadFailure(thrown);
  }
  instance.loaded.loadMs = Math.round(performance.now() - began);
  return instance;
}

/** Our own libraries bring a way to decode for a processor that plays graphics card. */
function decodeInSoftware(pipeline: Pipeline): void {
  const { tvm, vm } = pipeline;
  tvm.beginScope();
  try {
    const decode = tvm.detachFromCurrentScope(vm.getFunction("decode_in_software"));
    pipeline.decoding.dispose();
    pipeline.decoding = decode;
  } catch {
    // The library is somebody else's.
  } finally {
    tvm.endScope();
  }
}

interface Started {
  engine: MLCEngine;
  pipeline: Pipeline | EmbeddingPipeline;
  device: Device;
}

async function start(
  { id, bytes, record }: WebLlmModel,
  place: Located,
  config: ChatConfig,
  context: number,
  tell: Tell,
  signal: AbortSignal,
): Promise<Started> {
  const watch = new Watch();
  const overrides = { ...record?.overrides, ...(context > 0 ? { context_window_size: context } : {}) };
  const engine = new MLCEngine({
    appConfig: {
      model_list: [{ ...record, model: place.model, model_id: id, model_lib: place.library, overrides }],
      cacheBackend: "cache",
    },
    initProgressCallback: (report) => {
      watch.beat();
      const progress = progressOf(report, bytes);
      if (progress) tell(progress);
    },
    logLevel: "WARN",
  });
  let device: Device | undefined;
  const onDevice = (made: Device) => {
    device = made;
    void made.lost.then((error) => watch.fail(error));
    if (watch.dead) made.close();
  };
  const stop = () => watch.fail(new AlcoveError("cancelled", "Loading was stopped."));
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  tell({ stage: "loading", bytes: 0, total: bytes });
  const loading = catchDevices(onDevice, () => engine.reload(id));
  try {
    await watch.race(loading, LOAD_STEP_LIMIT_MS);
    const pipeline = pipelineOf(engine, id);
    // WebLLM resolves when a load was stopped.
    if (!pipeline || !device) throw new Error("the engine holds no model after loading it");
    if (pipeline.tokenizer.getVocabSize() > config.vocab_size) {
      throw new AlcoveError("model-invalid", "The tokenizer does not belong to this model.");
    }
    return { engine, pipeline, device };
  } catch (thrown) {
    const made = device as Device | undefined;
    const error = watch.dead ?? (await made?.lossBehind(thrown)) ?? loadFailure(thrown);
    watch.fail(error);
    made?.close();
    const late = new Promise((resolve) => setTimeout(resolve, GIVE_UP_MS));
    await Promise.race([loading.catch(() => undefined), late]);
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** WebLLM tells its stages in words only. */
function progressOf({ text, progress }: InitProgressReport, bytes: number): LoadProgress | undefined {
  const [, what, done, total] =
    /^(Loading model from cache|Loading GPU shader modules)\[(\d+)\/(\d+)\]/.exec(text) ?? [];
  if (!what) return undefined;
  const parts = { done: Number(done), total: Number(total) };
  return what === "Loading GPU shader modules"
    ? { stage: "compiling", bytes: 0, total: 0, parts }
    : { stage: "loading", bytes: Math.round(progress * bytes), total: bytes, parts };
}
