/**
 * One running instance of llama.cpp in wasm, with one model. wllama computes in a worker of its own and can
 * lose a promise when that worker dies, hangs or traps, so everything here races against the instance's
 * death: no step (one batch of prefill or one token) may take longer than a limit, and a dead instance
 * fails whatever waits on it. It is never mended, only thrown away and replaced.
 */
import {
  type ChatCompletionChunk,
  type ChatCompletionParams,
  type LoadedContextInfo,
  Wllama,
} from "@wllama/wllama/esm/index.js";
import type { Program } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { Watch } from "../wire/watch.ts";
import { embeddingFailure, isFatal, LlamaLog, loadFailure, requestFailure } from "./failures.ts";
import type { Encoded } from "./images.ts";
import { PictureCost } from "./picture-cost.ts";

/** The first step of a request holds its tokenising, its grammar and a batch of prefill. */
const FIRST_STEP_LIMIT_MS = 60_000;
/** Later steps are a batch or a token each. */
const STEP_LIMIT_MS = 20_000;
const PING_LIMIT_MS = 10_000;
/** Compiling the wasm is one step of a load that gives no sign of life. */
const LOAD_STEP_LIMIT_MS = 90_000;

export interface InstanceOptions {
  program: Program;
  threads: number;
  context: number;
  /** Tokens prefilled in one step; a cancel is heard between steps. */
  batch: number;
  /** How long a picture may take to be encoded: one step, which nothing can interrupt. 0 without a projector. */
  encodeLimitMs: number;
  /** For an embedding model: how the vectors of a text's tokens become one, "unspecified" as its file says. */
  pooling?: "unspecified" | "mean" | "cls" | "last" | undefined;
}

type LlamaRequest = ChatCompletionParams & { stream: true; onData: (chunk: ChatCompletionChunk) => void };

/** wllama with a program of ours, which, as wllama's own for old browsers, has pointers of 32 bits. */
class ProgramWllama extends Wllama {
  readonly #program: Program;

  constructor(program: Program, logger: LlamaLog) {
    super({ default: program.wasm }, { logger });
    this.#program = program;
  }

  override getWorkerResources(): ReturnType<Wllama["getWorkerResources"]> {
    return { wasmPath: this.#program.wasm, jsPath: this.#program.worker, compat: true };
  }
}

/** llama.cpp's server tells more in a chunk than OpenAI does. */
export type LlamaChunk = ChatCompletionChunk;

/** The one private method of wllama that is wrapped: each call is one step, and `is_error` keeps the counts. */
interface Proxy {
  wllamaAction(name: string, body: unknown): Promise<LlamaReply>;
}

interface LlamaReply {
  success?: boolean;
  is_error?: boolean;
  data_json?: string;
  req_id?: number;
  has_more?: boolean;
  retcode?: number;
}

export class LlamaInstance {
  readonly info: LoadedContextInfo;
  /** What the pictures of the last request cost. */
  readonly pictureCost: PictureCost;
  readonly #encodeLimitMs: number;
  readonly #wllama: Wllama;
  readonly #log: LlamaLog;
  readonly #watch: Watch;
  #lastError: unknown;

  private constructor(
    wllama: Wllama,
    log: LlamaLog,
    watch: Watch,
    pictureCost: PictureCost,
    encodeLimitMs: number,
  ) {
    this.pictureCost = pictureCost;
    this.#encodeLimitMs = encodeLimitMs;
    this.#wllama = wllama;
    this.#log = log;
    this.#watch = watch;
    this.info = wllama.getLoadedContextInfo();
    this.#tap();
  }

  /**
   * Starts an instance and loads `files` into it: a model, and its projector if it has one.
   * @param onAlive registers a function that the caller calls whenever a file is read
   * @throws AlcoveError model-invalid, out-of-memory, engine-crashed, cancelled
   */
  static async start(
    files: Blob[],
    options: InstanceOptions,
    onAlive: (beat: () => void) => void,
    signal: AbortSignal,
  ): Promise<LlamaInstance> {
    const watch = new Watch();
    const pictureCost = new PictureCost();
    const log = new LlamaLog(
      (line) => {
        pictureCost.line(line);
        watch.beat();
      },
      (detail) => watch.die(detail),
    );
    onAlive(() => watch.beat());
    const wllama = new ProgramWllama(options.program, log);
    const onAbort = () => watch.fail(new AlcoveError("cancelled", "Loading was stopped."));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      signal.throwIfAborted();
      const loading = wllama.loadModel(files, {
        n_ctx: options.context,
        n_threads: options.threads,
        n_batch: options.batch,
        n_ubatch: options.batch,
        n_parallel: 1,
        n_gpu_layers: 0,
        reasoning_format: "none",
        ...(options.pooling ? { embeddings: true, pooling_type: options.pooling } : {}),
      });
      await watch.race(loading, LOAD_STEP_LIMIT_MS);
      // wllama resolves even when llama.cpp gave up.
      if (!(wllama.getLoadedContextInfo() as { success?: boolean }).success) throw new Error("load failed");
      return new LlamaInstance(wllama, log, watch, pictureCost, options.encodeLimitMs);
    } catch (thrown) {
      void wllama.exit().catch(() => undefined);
      throw loadFailure(thrown, log);
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Why the instance cannot be used any more. */
  get dead(): AlcoveError | undefined {
    return this.#watch.dead;
  }

  /** Whether the instance still answers. A worker's death raises no event, so an idle one is asked. */
  async alive(): Promise<boolean> {
    if (this.dead) return false;
    // Cancelling a request that never was does nothing, and is answered.
    const answer: Promise<unknown> | undefined = this.#proxy?.wllamaAction("cancel", {
      _name: "cncl_req",
      req_id: 0,
    });
    return this.#watch.race(Promise.resolve(answer), PING_LIMIT_MS).then(
      () => true,
      () => false,
    );
  }

  /** Whether this build computes rightly on this machine: it tries its products on known numbers (self_test.cpp). */
  async computesRightly(): Promise<boolean> {
    const wrong = await this.#own([], PING_LIMIT_MS).catch(() => undefined);
    return wrong === 0;
  }

  /**
   * Writes the KV cache to the file `name` of the device (slot_file.cpp).
   * @returns the number of its tokens; undefined: it could not be written
   * @throws AlcoveError `engine-crashed`
   */
  async save(name: string): Promise<number | undefined> {
    const tokens = await this.#own(["save", name]);
    return tokens >= 0 ? tokens : undefined;
  }

  /** Reads the KV cache from the file `name`, as {@link save}; what it held is put aside. */
  async restore(name: string): Promise<number | undefined> {
    const tokens = await this.#own(["restore", name]);
    return tokens >= 0 ? tokens : undefined;
  }

  /** Whether it takes pictures. */
  get sees(): boolean {
    return this.#wllama.supportInputModality("image");
  }

  get threads(): number {
    return this.#wllama.getNumThreads();
  }

  /**
   * Runs one chat completion; resolves when llama.cpp has ended it or has freed its slot after an abort.
   * @param body an OpenAI request plus llama.cpp's own fields, already checked
   * @param pictures those in `body`, in order
   * @throws AlcoveError context-overflow, bad-request, engine-crashed. An abort is no error.
   */
  async run(
    body: object,
    onChunk: (chunk: LlamaChunk) => void,
    signal: AbortSignal,
    pictures: Encoded[] = [],
  ): Promise<void> {
    if (this.dead) throw this.dead;
    this.pictureCost.begin(pictures.map(({ size }) => size));
    let speaking = false;
    const onData = (chunk: LlamaChunk) => {
      speaking ||= (chunk.timings?.predicted_n ?? 0) > 0;
      onChunk(chunk);
    };
    const encodeMs = pictures.length > 0 ? this.#encodeLimitMs : 0;
    const stepLimit = () => (speaking ? STEP_LIMIT_MS : Math.max(STEP_LIMIT_MS, encodeMs));
    this.#lastError = undefined;
    this.#log.clear();
    // wllama's type knows fewer fields than its server.
    const request = {
      ...body,
      stream: true,
      onData,
      abortSignal: signal,
    } as unknown as LlamaRequest;
    try {
      const answer = this.#wllama.createChatCompletion(request);
      await this.#watch.race(answer, FIRST_STEP_LIMIT_MS + encodeMs, stepLimit);
    } catch (thrown) {
      if (signal.aborted && !this.dead) return;
      const error = this.dead ?? requestFailure(thrown, this.#lastError, this.#log);
      if (isFatal(error)) this.#watch.fail(error);
      throw error;
    }
  }

  /**
   * The vector of a text, with length 1, and its tokens; `place` is the text's in its request.
   * @throws AlcoveError context-overflow, engine-crashed
   */
  async embed(text: string, place: number): Promise<{ vector: number[]; tokens: number }> {
    if (this.dead) throw this.dead;
    this.#lastError = undefined;
    this.#log.clear();
    try {
      const asked = this.#wllama.createEmbedding({ input: text });
      const { data, usage } = await this.#watch.race(asked, FIRST_STEP_LIMIT_MS);
      return { vector: data[0]?.embedding as number[], tokens: usage.total_tokens };
    } catch (thrown) {
      const error = this.dead ?? embeddingFailure(thrown, this.#lastError, this.#log, place);
      if (isFatal(error)) this.#watch.fail(error);
      throw error;
    }
  }

  /** Ends the instance; what runs on it fails with `reason`. */
  close(reason: AlcoveError): void {
    this.#watch.fail(reason);
    void this.#wllama.exit().catch(() => undefined);
  }

  /** What our builds do beyond wllama's: behind its one action that takes anything. Answers -1000 in wllama's own build. */
  async #own(args: string[], limitMs = STEP_LIMIT_MS): Promise<number> {
    const done = this.#proxy?.wllamaAction("test_backend_ops", { _name: "tbop_req", args });
    return (await this.#watch.race(Promise.resolve(done), limitMs))?.retcode ?? -1;
  }

  get #proxy(): Proxy | undefined {
    return (this.#wllama as unknown as { proxy?: Proxy }).proxy;
  }

  #tap(): void {
    const proxy = this.#proxy;
    if (!proxy) return;
    const action = proxy.wllamaAction.bind(proxy);
    proxy.wllamaAction = async (name, body) => {
      this.pictureCost.step();
      const result = await action(name, body);
      this.#watch.beat();
      if (result.is_error && result.data_json) this.#lastError = JSON.parse(result.data_json);
      return result;
    };
  }
}
