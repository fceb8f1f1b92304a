/** The outside of the worker that reads, wherever it runs. */
import type { ImageSource, ReaderModel } from "../engine/contract.ts";
import type { ClientOptions, LoadOptions } from "../engine/model-client.ts";
import type { AlcoveError } from "../wire/errors.ts";
import { SharedLink } from "../wire/shared-link.ts";
import type { LoadedReader, Reading, ReadingProtocol } from "./protocol.ts";

/** One look at a large picture, or one batch of lines, is computed without a sign of life. */
const HANG_MS = 60_000;
const IDLE_MS = 120_000;

export class ReadingClient {
  readonly #link: SharedLink<ReadingProtocol>;
  readonly #options: ClientOptions<ReaderModel>;

  /** Finds the worker, or starts it from `url`. */
  constructor(url: URL, options: ClientOptions<ReaderModel>) {
    this.#options = options;
    const { door, onEnd } = options;
    this.#link = new SharedLink(url, { title: "The reader", hangMs: HANG_MS, door, onEnd });
  }

  async load(model: ReaderModel, options: LoadOptions = {}): Promise<LoadedReader> {
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
   * Reads a picture; what is in `transfer` moves to the worker.
   * @throws AlcoveError `bad-request` for what is no picture, `model-not-found` before `load`, `out-of-memory`,
   *   `cancelled`, `engine-crashed`, `timeout`
   */
  read(picture: ImageSource, transfer: Transferable[], signal?: AbortSignal): Promise<Reading> {
    return this.#link.rpc.call("read", { picture }, { signal, transfer, timeoutMs: IDLE_MS });
  }

  /** Gives the worker up, which ends unless another tab uses it; what waits on it here fails with `error`. */
  leave(error: AlcoveError): void {
    this.#link.leave(error);
  }
}
