/**
 * The WebLLM engine: one model, one queue. It remembers the model it holds, so that one that was lost with its
 * graphics card is loaded again by the next request.
 */

import { silence } from "../engine/chunks.ts";
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
import { noModel } from "../engine/request.ts";
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
  /** The models that were loaded, by their ids. */
  readonly #known = new Map<string, Wanted>();
  #instance: WebLlmInstance | Embedder | undefined;

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
   * Loads `model`, downloading it first where needed, after what was asked before has ended.
   * @throws AlcoveError unsupported, download-failed, integrity, quota, model-invalid, out-of-memory, device-lost,
   *   engine-crashed, cancelled
   */
  load(model: WebLlmModel, options: LoadOptions): Promise<LoadedModel> {
    const { base, onProgress = () => undefined, signal = new AbortController().signal } = options;
    return this.#turns.run(async () => {
      const wanted = { model, base };
      if (this.#instance && !this.#instance.dead && this.#wanted && sameModel(this.#wanted, wanted)) {
        return this.#instance.loaded;
      }
      return (await this.#open(wanted, onProgress, signal)).loaded;
    }, signal);
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
      const embedder = (await this.#ready(request, "embed", () => undefined, stop)) as Embedder;
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
    this.#turns.takeAway();
    await this.#turns.run(async () => {
      this.#wanted = undefined;
      this.#known.clear();
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
      const wait = (waits: LoadProgress) => tell({ ...silence(request.model ?? ""), waits });
      const instance = (await this.#ready(request, "write", wait, stop)) as WebLlmInstance;
      const { loaded } = instance;
      transcriber = new Transcriber(loaded.id, asked.config.stop, asked.callable);
      const prompt = instance.tokens(asked.messages);
      const config = { ...samplingOf(this.#wanted?.model), ...asked.config };
      tell(transcriber.opening());
      return instance.generate(prompt, config, asked.seed, (step) => tell(transcriber.take(step)), stop);
    });
    for (const chunk of transcriber.last(stop.aborted ? "abort" : (ended ?? "stop"))) push(chunk);
  }

  /**
   * The running instance of the model that `request` names, which can do the task. One that was lost, or gave way to
   * another model, is loaded again: tabs with different models take turns.
   * @throws AlcoveError `model-not-found`, `unsupported`, and as {@link load}
   */
  async #ready(
    request: { model?: string },
    task: "write" | "embed",
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<WebLlmInstance | Embedder> {
    const wanted = this.#known.get(request.model ?? "") ?? this.#wanted;
    if (!wanted) throw noModel();
    checkTask(wanted.model, request, task);
    if (this.#instance && !this.#instance.dead && this.#wanted === wanted) return this.#instance;
    return this.#open(wanted, tell, signal);
  }

  async #open(
    wanted: Wanted,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<WebLlmInstance | Embedder> {
    this.#drop();
    this.#instance = await openModel(wanted, this.#files, tell, signal);
    this.#wanted = wanted;
    this.#known.set(wanted.model.id, wanted);
    return this.#instance;
  }

  #drop(): void {
    this.#instance?.close(new AlcoveError("cancelled", "The model was unloaded."));
    this.#instance = undefined;
  }
}

const sameModel = (one: Wanted, other: Wanted): boolean =>
  one.base === other.base && JSON.stringify(one.model) === JSON.stringify(other.model);
