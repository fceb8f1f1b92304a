/** The outside of an engine's worker, wherever it runs: one generation of it, from start to death. */

import type { AlcoveError } from "../wire/errors.ts";
import type { CallOptions } from "../wire/rpc.ts";
import { type Ending, SharedLink } from "../wire/shared-link.ts";
import { stoppable } from "../wire/stream.ts";
import type {
  ChatRequest,
  Chunk,
  EmbeddingRequest,
  EmbeddingResponse,
  Engine,
  LoadedModel,
  LoadProgress,
  ModelSpec,
} from "./contract.ts";
import type { EngineProtocol } from "./protocol.ts";

/** Loads and completions report progress; without any for this long they fail. */
const IDLE_MS = 180_000;

export interface EngineClientOptions {
  /** Absolute URL that a model's relative URLs start from. */
  base: string;
  /** Name of the worker for all tabs of the site, which share it. */
  door: string;
  onEnd: (error: AlcoveError, ending: Ending) => void;
}

export interface TransferOptions {
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

/** @typeParam P what the worker serves, where that is more than every engine does */
export class EngineClient<
  Model extends ModelSpec = ModelSpec,
  P extends EngineProtocol<Model> = EngineProtocol<Model>,
> implements Engine
{
  protected readonly link: SharedLink<P>;
  protected readonly base: string;
  readonly #door: string;

  /**
   * Finds the worker, or starts it from `url`.
   * @param hangMs milliseconds without an answer to a ping before the worker counts as hung
   */
  constructor(url: URL, { base, door, onEnd }: EngineClientOptions, hangMs: number) {
    this.base = base;
    this.#door = door;
    this.link = new SharedLink(url, { title: "The engine", hangMs, door, onEnd });
  }

  load(model: Model, options: TransferOptions = {}): Promise<LoadedModel> {
    return this.link.rpc.call("load", { model, base: this.base }, reporting(options));
  }

  /**
   * Downloads and checks a model's files without loading it.
   * @param options.acceptChanged takes files that are not those that came first
   */
  download(
    model: Model,
    { acceptChanged = false, ...options }: TransferOptions & { acceptChanged?: boolean } = {},
  ): Promise<void> {
    return this.link.rpc.call("download", { model, base: this.base, acceptChanged }, reporting(options));
  }

  /** Reads every byte of a model's files again; what has changed is set aside. */
  verify(model: Model, options: TransferOptions = {}): Promise<void> {
    return this.link.rpc.call("verify", { model, base: this.base }, reporting(options));
  }

  /** The ids of those of `models` whose files are whole on this device. */
  cached(models: Model[]): Promise<string[]> {
    return this.link.rpc.call("cached", { models, base: this.base });
  }

  /**
   * Deletes a model's files, but for those that one of `known` needs which is on this device too; the model stays loaded
   * if it is.
   */
  remove(model: Model, known: Model[]): Promise<void> {
    return this.link.rpc.call("remove", { model, base: this.base, known });
  }

  /** @param options.transfer pictures of the request that move to the worker instead of being copied */
  complete(
    request: ChatRequest,
    { signal, transfer = [] }: { signal?: AbortSignal; transfer?: Transferable[] } = {},
  ): AsyncGenerator<Chunk, void> {
    return stoppable<Chunk>((push, stop) => {
      const options = { signal: stop, timeoutMs: IDLE_MS, onItem: push, transfer };
      return this.link.rpc.call("complete", { request }, options);
    }, signal);
  }

  embed(request: EmbeddingRequest, { signal }: { signal?: AbortSignal } = {}): Promise<EmbeddingResponse> {
    return this.link.rpc.call("embed", { request }, { signal, timeoutMs: IDLE_MS });
  }

  unload(): Promise<void> {
    return this.link.rpc.call("unload", {});
  }

  /**
   * A line to the engine that does not pass this page, in place of the last one: a port, or the door to knock at
   * (`openLine`) where another tab runs the engine.
   */
  async line(): Promise<MessagePort | string> {
    if (!(await this.link.runsHere)) return this.#door;
    const { port1, port2 } = new MessageChannel();
    const args = { port: port1, replace: true };
    void this.link.rpc.call("connect", args, { transfer: [port1] }).catch(() => undefined);
    return port2;
  }

  /** Gives the engine up, which ends unless another tab uses it; what waits on it here fails with `error`. */
  leave(error: AlcoveError): void {
    this.link.leave(error);
  }
}

/** The options of a call that moves a model's files. */
export function reporting({ onProgress, signal }: TransferOptions): CallOptions<LoadProgress> {
  return { signal, timeoutMs: IDLE_MS, onItem: (progress) => onProgress?.(progress) };
}
