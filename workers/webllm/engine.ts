/**
 * The WebLLM engine: one model, one queue. It remembers the model it holds, so that one that was lost with its
 * graphics card is loaded again by the next request.
 */

import type {
  ChatRequest,
  Chunk,
  EmbeddingRequest,
  EmbeddingResponse,
  EngineDescription,
  LoadedModel,
  LoadProgress,
  WebLlmModel,
} from "../engine/contract.ts";
import { checkTask, embeddingsOf, textsOf } from "../engine/embedding.ts";
import { Turns } from "../engine/turns.ts";
import { AlcoveError } from "../wire/errors.ts";
import { stoppable } from "../wire/stream.ts";
import type { Embedder } from "./embedder.ts";
import type { ModelFiles } from "./files.ts";
import type { WebLlmInstance } from "./instance.ts";
import { openModel, type Wanted } from "./loader.ts";
import { samplingOf, toGeneration } from "./request.ts";
import { Transcriber } from "./transcriber.ts";

/** Of the package; the lock file holds it there. */
const VERSION = "0.2.86";

interface LoadOptions {
  /** Absolute URL of the root of the built site. */
  base: string;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export class WebLlmEngine {
  readonly #files: ModelFiles;
  readonly #turns = new Turns();
  #wanted: Wanted | undefined;
  #instance: WebLlmInstance | Embedder | undefined;
  /** The load under way. */
  #load: SharedLoad | undefined;

  constructor(files: ModelFiles) {
    this.#files = files;
  }

  describe(): EngineDescription {
    const alive = this.#instance && !this.#instance.dead;
    return {
      engine: "webllm",
      version: VERSION,
      model: alive && this.#instance ? this.#instance.loaded : null,
      busy: this.#turns.busy,
    };
  }

  /**
   * Loads `model`, downloading it first where needed, after what was asked before has ended. A load of another
   * model that is under way is stopped; one of this model is joined.
   * @throws AlcoveError unsupported, download-failed, integrity, quota, model-invalid, out-of-memory, device-lost,
   *   engine-crashed, cancelled
   */
  load(model: WebLlmModel, { base, onProgress, signal }: LoadOptions): Promise<LoadedModel> {
    const wanted = { model, base };
    if (this.#load && !sameModel(this.#load.wanted, wanted)) {
      this.#load.stop();
      this.#load = undefined;
    }
    if (!this.#load) {
      const load = new SharedLoad(wanted, (tell, stop) =>
        this.#turns.run(() => this.#replace(wanted, tell, stop), stop),
      );
      this.#load = load;
      const over = () => {
        if (this.#load === load) this.#load = undefined;
      };
      load.result.then(over, over);
    }
    return this.#load.join(onProgress, signal);
  }

  /**
   * Answers `request`: an opening chunk, deltas, and a last chunk with finish_reason and usage. An abort ends
   * the stream with finish_reason "cancelled", wherever the request is.
   */
  complete(request: ChatRequest, options: { signal?: AbortSignal } = {}): AsyncIterable<Chunk> {
    return stoppable<Chunk>((push, stop) => this.#complete(request, push, stop), options.signal);
  }

  /**
   * Texts → vectors, as the model gives them. An abort is `cancelled`, at once.
   * @throws AlcoveError bad-request, context-overflow, unsupported, model-not-found, device-lost, out-of-memory,
   *   engine-crashed
   */
  async embed(
    request: EmbeddingRequest,
    { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
  ): Promise<EmbeddingResponse> {
    const texts = textsOf(request);
    const { stop, run } = this.#turns.turn(signal);
    const reply = await run(async () => {
      const embedder = (await this.#ready(request, "embed", stop)) as Embedder;
      const tokens = await embedder.tokens(texts, stop);
      const vectors = await embedder.embed(tokens, stop);
      const count = tokens.reduce((sum, { length }) => sum + length, 0);
      return embeddingsOf(embedder.loaded.id, vectors, count);
    });
    if (!reply) throw new AlcoveError("cancelled", "Stopped.");
    return reply;
  }

  /** Forgets the model; a running answer ends as cancelled. */
  async unload(): Promise<void> {
    this.#load?.stop();
    this.#turns.takeAway();
    await this.#turns.run(async () => {
      this.#wanted = undefined;
      this.#drop();
    });
  }

  async #complete(request: ChatRequest, push: (chunk: Chunk) => void, signal: AbortSignal): Promise<void> {
    const asked = toGeneration(request);
    const { stop, run } = this.#turns.turn(signal);
    let transcriber = new Transcriber(request.model ?? this.#wanted?.model.id ?? "");
    const tell = (chunk: Chunk | undefined) => {
      if (chunk && !stop.aborted) push(chunk);
    };
    const ended = await run(async () => {
      const instance = (await this.#ready(request, "write", stop)) as WebLlmInstance;
      const { loaded } = instance;
      transcriber = new Transcriber(loaded.id, asked.config.stop, asked.callable);
      const prompt = instance.tokens(asked.messages);
      const config = { ...samplingOf(this.#wanted?.model), ...asked.config };
      tell(transcriber.opening());
      return instance.generate(prompt, config, asked.seed, (step) => tell(transcriber.take(step)), stop);
    });
    for (const chunk of transcriber.last(stop.aborted ? "abort" : (ended ?? "stop"))) push(chunk);
  }

  async #replace(
    wanted: Wanted,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<LoadedModel> {
    if (this.#instance && !this.#instance.dead && this.#wanted && sameModel(this.#wanted, wanted)) {
      return this.#instance.loaded;
    }
    this.#drop();
    this.#instance = await openModel(wanted, this.#files, tell, signal);
    this.#wanted = wanted;
    return this.#instance.loaded;
  }

  /**
   * The running instance, which can do the task; one that was lost is loaded again.
   * @throws AlcoveError `model-not-found`, `unsupported`, and as {@link load}
   */
  async #ready(
    request: { model?: string },
    task: "write" | "embed",
    signal: AbortSignal,
  ): Promise<WebLlmInstance | Embedder> {
    if (!this.#wanted) {
      throw new AlcoveError("model-not-found", "No model is loaded.", { action: "Load a model first." });
    }
    checkTask(this.#wanted.model, request, task);
    if (this.#instance && !this.#instance.dead) return this.#instance;
    this.#drop();
    this.#instance = await openModel(this.#wanted, this.#files, () => undefined, signal);
    return this.#instance;
  }

  #drop(): void {
    this.#instance?.close(new AlcoveError("cancelled", "The model was unloaded."));
    this.#instance = undefined;
  }
}

const sameModel = (one: Wanted, other: Wanted): boolean =>
  one.base === other.base && JSON.stringify(one.model) === JSON.stringify(other.model);

type Tell = (progress: LoadProgress) => void;

/** A load that several may wait for. It is stopped when nobody waits any more. */
class SharedLoad {
  readonly wanted: Wanted;
  readonly result: Promise<LoadedModel>;
  readonly #listeners = new Set<Tell>();
  readonly #stop = new AbortController();

  constructor(wanted: Wanted, run: (tell: Tell, signal: AbortSignal) => Promise<LoadedModel>) {
    this.wanted = wanted;
    this.result = run((progress) => {
      for (const tell of this.#listeners) tell(progress);
    }, this.#stop.signal);
  }

  /** @throws AlcoveError `cancelled` at once when `signal` aborts */
  async join(tell: Tell = () => undefined, signal?: AbortSignal): Promise<LoadedModel> {
    const listener: Tell = (progress) => tell(progress);
    this.#listeners.add(listener);
    const gaveUp = new Promise<never>((_, reject) => {
      const leave = () => {
        this.#listeners.delete(listener);
        if (this.#listeners.size === 0) this.stop();
        reject(new AlcoveError("cancelled", "Loading was stopped."));
      };
      if (signal?.aborted) leave();
      signal?.addEventListener("abort", leave, { once: true });
    });
    return Promise.race([this.result, gaveUp]);
  }

  stop(): void {
    this.#stop.abort();
  }
}
