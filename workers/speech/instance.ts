/**
 * One running program with one model: the worker that computes, seen from outside. Whatever it does has a limit, and one
 * that died or hangs fails what waits on it: it is never mended, only thrown away and replaced.
 */
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { RpcClient } from "../wire/rpc.ts";
import { scriptUrl } from "../wire/trusted.ts";
import { COMPUTING } from "./computing.ts";
import type { HearArgs, Heard, ProgramProtocol, StartArgs } from "./protocol.ts";

/** Compiling the program is one step of a start that gives no sign of life. */
const START_LIMIT_MS = 90_000;
/** Many times what the slowest device takes for a piece. */
const RUN_LIMIT_MS = 120_000;
/** A run that is asked to stop looks about this often; where it cannot be asked, its worker is ended. */
const STOP_LIMIT_MS = 2_000;

export class SpeechInstance {
  readonly #worker: Worker;
  readonly #rpc: RpcClient<ProgramProtocol>;
  #stop: { view: Int32Array; at: number } | undefined;
  #dead: AlcoveError | undefined;

  private constructor() {
    this.#worker = new Worker(scriptUrl(location.href), { type: "module", name: COMPUTING });
    this.#rpc = new RpcClient<ProgramProtocol>(this.#worker);
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.close(died(event.message ?? "its script failed to load"));
    };
  }

  /**
   * Starts a program with its files; null for one that computes wrongly here.
   * @param tell how many bytes of the files were read
   * @throws AlcoveError `model-invalid`, `out-of-memory`, `engine-crashed`, `cancelled`
   */
  static async start(
    args: StartArgs,
    tell: (bytes: number) => void,
    signal: AbortSignal,
  ): Promise<SpeechInstance | null> {
    const instance = new SpeechInstance();
    const onAbort = () => instance.close(new AlcoveError("cancelled", "Loading was stopped."));
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const call = instance.#rpc.call("start", args, { timeoutMs: START_LIMIT_MS, onItem: tell });
      const started = await call;
      if (started === null) {
        instance.close(died("it computes wrongly here"));
        return null;
      }
      if (started !== "alone") instance.#stop = { view: new Int32Array(started.stop), at: started.at >>> 2 };
      return instance;
    } catch (thrown) {
      const error = toAlcoveError(thrown);
      instance.close(error);
      throw error;
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  /** Why it cannot be used any more. */
  get dead(): AlcoveError | undefined {
    return this.#dead;
  }

  hear(args: HearArgs, signal: AbortSignal): Promise<Heard> {
    return this.#run(signal, (timeoutMs) =>
      this.#rpc.call("hear", args, { timeoutMs, transfer: [args.samples.buffer as ArrayBuffer] }),
    );
  }

  activity(samples: Float32Array, signal: AbortSignal): Promise<Float32Array> {
    return this.#run(signal, (timeoutMs) =>
      this.#rpc.call("activity", { samples }, { timeoutMs, transfer: [samples.buffer as ArrayBuffer] }),
    );
  }

  /** Ends it; what runs on it fails with `reason`. */
  close(reason: AlcoveError): void {
    if (this.#dead) return;
    this.#dead = reason;
    this.#worker.terminate();
    this.#rpc.close(reason);
  }

  async #run<T>(signal: AbortSignal, call: (limitMs: number) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let late: ReturnType<typeof setTimeout> | undefined;
    if (this.#stop) Atomics.store(this.#stop.view, this.#stop.at, 0);
    const onAbort = () => {
      const stopped = new AlcoveError("cancelled", "Stopped.");
      if (!this.#stop) return this.close(stopped);
      Atomics.store(this.#stop.view, this.#stop.at, 1);
      late = setTimeout(() => this.close(stopped), STOP_LIMIT_MS);
    };
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await call(RUN_LIMIT_MS);
    } catch (thrown) {
      const error = toAlcoveError(thrown);
      if (error.code !== "cancelled" && error.code !== "unsupported" && error.code !== "bad-request") {
        this.close(error.code === "timeout" ? died(`no answer in ${RUN_LIMIT_MS} ms`) : error);
        throw this.#dead;
      }
      throw error;
    } finally {
      clearTimeout(late);
      signal.removeEventListener("abort", onAbort);
    }
  }
}

const died = (detail: string) =>
  new AlcoveError("engine-crashed", "The speech engine stopped unexpectedly.", { detail });
