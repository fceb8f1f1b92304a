/** The outside of the worker that speaks, wherever it runs. */
import type { VoiceModel } from "../engine/contract.ts";
import type { ClientOptions, LoadOptions } from "../engine/model-client.ts";
import type { AlcoveError } from "../wire/errors.ts";
import { SharedLink } from "../wire/shared-link.ts";
import type { LoadedVoice, Passage, Said, VoiceProtocol } from "./protocol.ts";

/** One stretch of a long sentence is computed without a sign of life. */
const HANG_MS = 60_000;
const IDLE_MS = 120_000;

export class VoiceClient {
  readonly #link: SharedLink<VoiceProtocol>;
  readonly #options: ClientOptions<VoiceModel>;

  /** Finds the worker, or starts it from `url`. */
  constructor(url: URL, options: ClientOptions<VoiceModel>) {
    this.#options = options;
    const { door, onEnd } = options;
    this.#link = new SharedLink(url, { title: "The voice", hangMs: HANG_MS, door, onEnd });
  }

  async load(model: VoiceModel, options: LoadOptions = {}): Promise<LoadedVoice> {
    const { files, base } = this.#options;
    const args = { model, files: await files(model, options), base };
    const { onProgress, signal } = options;
    return this.#link.rpc.call("load", args, {
      signal,
      timeoutMs: IDLE_MS,
      onItem: (progress) => onProgress?.(progress),
    });
  }

  /**
   * Speaks a passage; `onSound` gets samples from -1 to 1 as they are made.
   * @throws AlcoveError `cancelled`, `unsupported` for a language that the voice does not speak, `engine-crashed`, …
   */
  say(
    passage: Passage,
    onSound: (samples: Float32Array<ArrayBuffer>) => void,
    signal?: AbortSignal,
  ): Promise<Said> {
    return this.#link.rpc.call("say", passage, { signal, timeoutMs: IDLE_MS, onItem: onSound });
  }

  /** Gives the worker up, which ends unless another tab uses it; what waits on it here fails with `error`. */
  leave(error: AlcoveError): void {
    this.#link.leave(error);
  }
}
