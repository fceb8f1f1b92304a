/**
 * The llama.cpp engine: one model, one queue. It remembers the model it holds, so that an instance that died
 * is replaced by the next request, and describes itself while it computes.
 */
import { Wllama } from "@wllama/wllama/esm/index.js";
import { BUILD } from "../shared/build.ts";
import type {
  ChatMessage,
  ChatRequest,
  Chunk,
  Engine,
  EngineDescription,
  LoadedModel,
  LoadProgress,
  ModelSpec,
} from "../shared/engine.ts";
import { AlcoveError } from "../shared/errors.ts";
import { streamOf } from "../shared/stream.ts";
import { Transcriber } from "./chunks.ts";
import { leastTokens, toNative } from "./completion.ts";
import { F32File, f32Size, isF32 } from "./f32file.ts";
import { overflow } from "./failures.ts";
import { type FileStore, LOCAL } from "./files.ts";
import { checkModel, type Gguf, type ModelFacts, mainType, readGguf } from "./gguf.ts";
import { Native } from "./native.ts";
import { Queue } from "./queue.ts";
import { countedBlob } from "./source.ts";
import type { Threads } from "./threads.ts";
import { spellTools } from "./tools.ts";

/** F32 weights larger than this stay as they are: they would crowd a 4 GB wasm heap and the device. */
const MOST_F32_BYTES = 1 << 30;
/** Below this many GB the browser says the device is small (it never says more than 8). */
const F32_DEVICE_GB = 4;
const CPU_BATCH = 64;

export interface LoadOptions {
  /** Absolute URL of the root of the built site. */
  base: string;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

/** What is needed to have the model again. */
interface Wanted {
  model: ModelSpec;
  base: string;
}

interface Running {
  native: Native;
  loaded: LoadedModel;
  facts: ModelFacts;
}

export class LlamaEngine {
  readonly #files: FileStore;
  readonly #threads: Threads;
  readonly #queue = new Queue();
  #wanted: Wanted | undefined;
  #running: Running | undefined;
  /** Aborts what computes now, when the model is taken away under it. */
  #current: AbortController | undefined;

  constructor(files: FileStore, threads: Threads) {
    this.#files = files;
    this.#threads = threads;
  }

  describe(): EngineDescription {
    const alive = this.#running && !this.#running.native.dead;
    return {
      engine: "llamacpp",
      version: Wllama.getLibllamaVersion(),
      model: alive ? (this.#running as Running).loaded : null,
      busy: this.#queue.busy,
    };
  }

  /**
   * Loads `model`, downloading it first where needed, after what was asked before has ended.
   * @throws AlcoveError download-failed, integrity, quota, model-invalid, out-of-memory, engine-crashed, cancelled
   */
  load(model: ModelSpec, options: LoadOptions): Promise<LoadedModel> {
    const { signal = new AbortController().signal, onProgress = () => undefined, base } = options;
    return this.#queue.run(async () => {
      const held = this.#running;
      const sha256 = model.files[0].sha256;
      if (
        held &&
        !held.native.dead &&
        this.#wanted?.model.files[0].sha256 === sha256 &&
        held.loaded.id === model.id
      ) {
        return held.loaded;
      }
      this.#drop();
      const running = await this.#start({ model, base }, onProgress, signal);
      this.#wanted = { model, base };
      return running.loaded;
    }, signal);
  }

  /**
   * Answers `request`: an opening chunk, deltas, and a last chunk with finish_reason and usage. An abort ends
   * the stream with finish_reason "cancelled", wherever the request is.
   */
  complete(request: ChatRequest, options: { signal?: AbortSignal } = {}): AsyncIterable<Chunk> {
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    return streamOf<Chunk>(
      (push) => this.#complete(request, push, signal),
      () => stop.abort(),
    );
  }

  /**
   * Computes the prompt of `request` and keeps it, so that a conversation that begins so starts faster.
   * @throws AlcoveError as {@link complete}, but an abort is `cancelled`
   */
  async prewarm(request: ChatRequest, signal = new AbortController().signal): Promise<void> {
    const body = toNative(request);
    await this.#queue.run(async () => this.#warm(await this.#ready(signal), body, signal), signal);
  }

  /** Forgets the model; a running answer ends as cancelled. */
  async unload(): Promise<void> {
    this.#current?.abort();
    await this.#queue.run(async () => {
      this.#wanted = undefined;
      this.#drop();
    });
  }

  async #complete(request: ChatRequest, push: (chunk: Chunk) => void, signal: AbortSignal): Promise<void> {
    const body = toNative(request);
    const takenAway = new AbortController();
    const stop = AbortSignal.any([signal, takenAway.signal]);
    let transcriber = new Transcriber(request.model ?? this.#wanted?.model.id ?? "");
    const tell = (chunk: Chunk | undefined) => {
      if (chunk && !stop.aborted) push(chunk);
    };
    const answered = this.#queue.run(async () => {
      this.#current = takenAway;
      try {
        const { native, loaded, facts } = await this.#ready(stop);
        refuseOthers(request, loaded, facts);
        const spelled = facts.knowsTools ? { body, structured: false } : spellTools(body);
        transcriber = new Transcriber(loaded.id, spelled.structured);
        tell(transcriber.opening());
        await native.run(spelled.body, (chunk) => tell(transcriber.take(chunk)), stop);
      } finally {
        this.#current = undefined;
      }
    }, stop);
    // A stop is answered at once; llama.cpp hears it after its step, and the queue waits for that.
    const stopped = new Promise<void>((resolve) => {
      stop.addEventListener("abort", () => resolve(), { once: true });
    });
    await Promise.race([answered, stopped]).catch((thrown) => {
      if (!stop.aborted) throw thrown;
    });
    answered.catch(() => undefined);
    push(transcriber.last(stop.aborted));
    if (!stop.aborted) this.#threads.heard(transcriber.usage());
  }

  /** The running instance; one that died, or whose number of threads turned out wrong, is replaced. */
  async #ready(signal: AbortSignal): Promise<Running> {
    const running = this.#running;
    if (running && !running.native.dead) {
      if (
        !this.#threads.doubtful ||
        (await this.#threads.choose(running.loaded.id)) === running.loaded.threads
      ) {
        return running;
      }
    }
    if (!this.#wanted) {
      throw new AlcoveError("model-not-found", "No model is loaded.", { action: "Load a model first." });
    }
    this.#drop();
    return this.#start(this.#wanted, () => undefined, signal);
  }

  async #start(
    { model, base }: Wanted,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<Running> {
    const began = performance.now();
    const { file, gguf, facts } = await this.#open({ model, base }, tell, signal);
    const opened = performance.now();
    if (!facts.hasChatTemplate) {
      throw new AlcoveError(
        "model-invalid",
        "This model has no chat template: it continues text, it cannot chat.",
        {
          action: "Choose a model whose name ends in Instruct or Chat.",
        },
      );
    }
    const wide = widen(gguf);
    const source = wide ? await F32File.of(file, gguf) : file;
    tell({ stage: "calibrating", bytes: 0, total: 0 });
    const threads = await this.#threads.choose(model.id);
    let read = 0;
    let beat: () => void = () => undefined;
    const blob = countedBlob(source, (bytes) => {
      beat();
      read = Math.min(source.size, read + bytes);
      tell({ stage: "loading", bytes: read, total: source.size });
    });
    const context = facts.context ? Math.min(model.context, facts.context) : model.context;
    const native = await Native.start(
      blob,
      {
        wasmUrl: new URL(BUILD.wllamaWasm, base).href,
        compat: {
          worker: new URL(BUILD.wllamaCompat.worker, base).href,
          wasm: new URL(BUILD.wllamaCompat.wasm, base).href,
        },
        threads,
        context,
        batch: CPU_BATCH,
      },
      (alive) => {
        beat = alive;
      },
      signal,
    );
    tell({ stage: "warming", bytes: 0, total: 0 });
    const loaded: LoadedModel = {
      id: model.id,
      context: native.info.n_ctx,
      threads: native.threads,
      weights: wide ? "F32" : mainType(gguf),
      device: "CPU",
      loadMs: Math.round(performance.now() - opened),
    };
    this.#running = { native, loaded, facts };
    if (model.system) {
      const messages: ChatMessage[] = [{ role: "system", content: model.system }];
      await this.#warm(this.#running, toNative({ messages }), signal);
    }
    loaded.loadMs = Math.round(performance.now() - opened);
    console.debug("alcove load", {
      fileMs: opened - began,
      convertMs: wide ? (source as F32File).decodeMs : 0,
      ...loaded,
    });
    return this.#running;
  }

  /** The model's file, checked; a stored one that went bad is fetched anew, once. */
  async #open({ model, base }: Wanted, tell: (progress: LoadProgress) => void, signal: AbortSignal) {
    const [wanted] = model.files;
    const opened = async () => {
      const file = await this.#files.get(wanted, base, tell, signal);
      const gguf = await readGguf(file);
      return { file, gguf, facts: checkModel(gguf, file.size) };
    };
    try {
      return await opened();
    } catch (thrown) {
      if (!(thrown instanceof AlcoveError) || thrown.code !== "model-invalid" || wanted.url.startsWith(LOCAL))
        throw thrown;
      await this.#files.remove(model);
      return await opened();
    }
  }

  async #warm({ native, facts }: Running, body: Record<string, unknown>, signal: AbortSignal): Promise<void> {
    const spelled = facts.knowsTools ? body : spellTools(body).body;
    // Without response_format: nothing is generated, so no grammar is needed.
    const { response_format, ...prompt } = spelled;
    await native.run({ ...prompt, max_tokens: 0, add_generation_prompt: false }, () => undefined, signal);
  }

  #drop(): void {
    this.#running?.native.close(new AlcoveError("cancelled", "The model was unloaded."));
    this.#running = undefined;
  }
}

/** Refuses what the loaded model cannot take, before any work. */
function refuseOthers(request: ChatRequest, loaded: LoadedModel, facts: ModelFacts): void {
  if (request.model && request.model !== loaded.id) {
    throw new AlcoveError("model-not-found", `The model "${request.model}" is not loaded.`, {
      action: "Load it first.",
    });
  }
  const least = leastTokens(request, facts.longestToken);
  if (least > loaded.context) throw overflow(least, loaded.context, true);
}

/** Whether the weights are worth computing as F32: the stock engine has fast kernels for nothing else. */
function widen(gguf: Gguf): boolean {
  const bytes = f32Size(gguf);
  const device = (navigator as { deviceMemory?: number }).deviceMemory ?? F32_DEVICE_GB;
  return !isF32(gguf) && bytes !== undefined && bytes <= MOST_F32_BYTES && device >= F32_DEVICE_GB;
}

/** Compile-time proof that the engine, given its base, is an Engine. */
export const asEngine = (engine: LlamaEngine, base: string): Engine => ({
  describe: async () => engine.describe(),
  load: (model, options = {}) => engine.load(model, { ...options, base }),
  complete: (request, options) => engine.complete(request, options),
  unload: () => engine.unload(),
});
