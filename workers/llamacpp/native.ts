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
import type { Program } from "../shared/build.ts";
import { AlcoveError } from "../shared/errors.ts";
import { Watch } from "../shared/watch.ts";
import { loadFailure, NativeLog, requestFailure } from "./failures.ts";
import type { Encoded } from "./images.ts";
import { Sight } from "./sight.ts";

/** The first step of a request holds its tokenising, its grammar and a batch of prefill. */
const FIRST_STEP_LIMIT_MS = 60_000;
/** Later steps are a batch or a token each. */
const STEP_LIMIT_MS = 20_000;
const PING_LIMIT_MS = 10_000;
/** Compiling the wasm is one step of a load that gives no sign of life. */
const LOAD_STEP_LIMIT_MS = 90_000;

export interface NativeOptions {
  program: Program;
  threads: number;
  context: number;
  /** Tokens prefilled in one step; a cancel is heard between steps. */
  batch: number;
  /** How long a picture may take to be encoded: one step, which nothing can interrupt. 0 without a projector. */
  encodeLimitMs: number;
}

type NativeRequest = ChatCompletionParams & { stream: true; onData: (chunk: ChatCompletionChunk) => void };

/** wllama with a program of ours, which, as wllama's own for old browsers, has pointers of 32 bits. */
class Llama extends Wllama {
  readonly #program: Program;

  constructor(program: Program, logger: NativeLog) {
    super({ default: program.wasm }, { logger });
    this.#program = program;
  }

  override getWorkerResources(): ReturnType<Wllama["getWorkerResources"]> {
    return { wasmPath: this.#program.wasm, jsPath: this.#program.worker, compat: true };
  }
}

/** llama.cpp's server tells more in a chunk than OpenAI does. */
export type NativeChunk = ChatCompletionChunk;

/** The one private method of wllama that is wrapped: each call is one step, and `is_error` keeps the counts. */
interface Proxy {
  wllamaAction(name: string, body: unknown): Promise<NativeReply>;
}

interface NativeReply {
  success?: boolean;
  is_error?: boolean;
  data_json?: string;
  req_id?: number;
  has_more?: boolean;
}

export class Native {
  readonly info: LoadedContextInfo;
  /** What the pictures of the last request cost. */
  readonly sight: Sight;
  readonly #encodeLimitMs: number;
  /** The first picture of the prompt that lies in the KV cache. */
  #held: Encoded | undefined;
  readonly #wllama: Wllama;
  readonly #log: NativeLog;
  readonly #watch: Watch;
  #lastError: unknown;

  private constructor(wllama: Wllama, log: NativeLog, watch: Watch, sight: Sight, encodeLimitMs: number) {
    this.sight = sight;
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
    options: NativeOptions,
    onAlive: (beat: () => void) => void,
    signal: AbortSignal,
  ): Promise<Native> {
    const watch = new Watch();
    const sight = new Sight();
    const log = new NativeLog(
      (line) => {
        sight.line(line);
        watch.beat();
      },
      (detail) => watch.die(detail),
    );
    onAlive(() => watch.beat());
    const wllama = new Llama(options.program, log);
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
      });
      await watch.race(loading, LOAD_STEP_LIMIT_MS);
      // wllama resolves even when llama.cpp gave up.
      if (!(wllama.getLoadedContextInfo() as { success?: boolean }).success) throw new Error("load failed");
      return new Native(wllama, log, watch, sight, options.encodeLimitMs);
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
    const tried = this.#proxy?.wllamaAction("test_backend_ops", { _name: "tbop_req", args: [] });
    return this.#watch.race(Promise.resolve(tried), PING_LIMIT_MS).then(
      (answer) => answer?.success === true,
      () => false,
    );
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
    onChunk: (chunk: NativeChunk) => void,
    signal: AbortSignal,
    pictures: Encoded[] = [],
  ): Promise<void> {
    if (this.dead) throw this.dead;
    this.sight.begin(pictures.map(({ size }) => size));
    let speaking = false;
    const onData = (chunk: NativeChunk) => {
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
    } as unknown as NativeRequest;
    try {
      const answer = this.#forget(pictures).then(() => this.#wllama.createChatCompletion(request));
      await this.#watch.race(answer, FIRST_STEP_LIMIT_MS + encodeMs, stepLimit);
    } catch (thrown) {
      if (signal.aborted && !this.dead) return;
      const error = this.dead ?? requestFailure(thrown, this.#lastError, this.#log);
      if (error.code === "engine-crashed" || error.code === "out-of-memory") this.#watch.fail(error);
      throw error;
    }
  }

  /** Ends the instance; what runs on it fails with `reason`. */
  close(reason: AlcoveError): void {
    this.#watch.fail(reason);
    void this.#wllama.exit().catch(() => undefined);
  }

  /**
   * Empties the KV cache when it holds another picture than the one that comes. llama.cpp would put the old one
   * aside, with its pixels, and never let go of it: a camera would fill the memory within minutes. wllama has no
   * call for this; a task that is no chat, of one token, takes the cache without putting anything aside.
   */
  async #forget(pictures: Encoded[]): Promise<void> {
    const held = this.#held;
    this.#held = pictures[0];
    if (!held || (pictures[0] && sameBytes(held.data, pictures[0].data))) return;
    try {
      const task = { _name: "embd_req", data_json: '{"input":[0]}', files: [] };
      const begun = await this.#proxy?.wllamaAction("embedding", task);
      const next = { _name: "gres_req", req_id: begun?.req_id };
      while ((await this.#proxy?.wllamaAction("get_result", next))?.has_more);
    } catch {
      // A model that cannot do that keeps the old picture, and a dead instance fails the request itself.
    }
  }

  get #proxy(): Proxy | undefined {
    return (this.#wllama as unknown as { proxy?: Proxy }).proxy;
  }

  #tap(): void {
    const proxy = this.#proxy;
    if (!proxy) return;
    const action = proxy.wllamaAction.bind(proxy);
    proxy.wllamaAction = async (name, body) => {
      this.sight.step();
      const result = await action(name, body);
      this.#watch.beat();
      if (result.is_error && result.data_json) this.#lastError = JSON.parse(result.data_json);
      return result;
    };
  }
}

function sameBytes(one: ArrayBuffer, other: ArrayBuffer): boolean {
  if (one.byteLength !== other.byteLength) return false;
  const [a, b] = [new Uint8Array(one), new Uint8Array(other)];
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
