/** The outside of the speech worker. */
import type { EngineClientOptions, TransferOptions } from "../engine/client.ts";
import type { LoadProgress } from "../engine/contract.ts";
import type { AlcoveError } from "../wire/errors.ts";
import type { CallOptions } from "../wire/rpc.ts";
import { SharedLink } from "../wire/shared-link.ts";
import type { HearArgs, Heard, LoadedEars, SpeechModel, SpeechProtocol } from "./protocol.ts";

/** The worker itself only coordinates; the model computes in a worker of its own. */
const HANG_MS = 30_000;
/** Every call tells that it lives; without a sign for this long it fails. */
const IDLE_MS = 180_000;

export class SpeechClient {
  readonly #link: SharedLink<SpeechProtocol>;
  readonly #base: string;

  /** Finds the worker, or starts it from `url`. */
  constructor(url: URL, { base, door, onEnd }: EngineClientOptions) {
    this.#base = base;
    this.#link = new SharedLink(url, { title: "The speech engine", hangMs: HANG_MS, door, onEnd });
  }

  load(model: SpeechModel, options: TransferOptions = {}): Promise<LoadedEars> {
    return this.#link.rpc.call("load", { model, base: this.#base }, reporting(options));
  }

  /** Downloads and checks a model's files without loading it. */
  download(model: SpeechModel, options: TransferOptions = {}): Promise<void> {
    return this.#link.rpc.call("download", { model, base: this.#base }, reporting(options));
  }

  /** Reads every byte of a model's files again; what has changed is set aside. */
  verify(model: SpeechModel, options: TransferOptions = {}): Promise<void> {
    return this.#link.rpc.call("verify", { model, base: this.#base }, reporting(options));
  }

  /** The ids of those of `models` whose files are whole on this device. */
  cached(models: SpeechModel[]): Promise<string[]> {
    return this.#link.rpc.call("cached", { models, base: this.#base });
  }

  /** Deletes a model's files, but for those that one of `known` needs which is on this device too. */
  remove(model: SpeechModel, known: SpeechModel[]): Promise<void> {
    return this.#link.rpc.call("remove", { model, base: this.#base, known });
  }

  /**
   * What is said in one piece of audio, whose samples move to the worker.
   * @throws AlcoveError `model-not-found` before a model is loaded, `bad-request`, `unsupported`, `out-of-memory`,
   *   `engine-crashed`, `cancelled`, `timeout`
   */
  hear(args: HearArgs, signal?: AbortSignal): Promise<Heard> {
    return this.#link.rpc.call("hear", args, computing(args.samples, signal));
  }

  /** How likely each frame of `samples`, which move to the worker, is speech; throws as {@link hear}. */
  activity(samples: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    return this.#link.rpc.call("activity", { samples }, computing(samples, signal));
  }

  /** Gives the engine up, which ends unless another tab uses it; what waits on it here fails with `error`. */
  leave(error: AlcoveError): void {
    this.#link.leave(error);
  }
}

const reporting = ({ onProgress, signal }: TransferOptions): CallOptions<LoadProgress> => ({
  signal,
  timeoutMs: IDLE_MS,
  onItem: (progress) => onProgress?.(progress),
});

const computing = (samples: Float32Array, signal: AbortSignal | undefined): CallOptions<null> => ({
  signal,
  timeoutMs: IDLE_MS,
  transfer: [samples.buffer as ArrayBuffer],
});
