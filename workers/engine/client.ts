/** The outside of an engine's worker: one generation of it, from start to death. */

import type { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import type { CallOptions } from "../wire/rpc.ts";
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
  onDeath: (error: AlcoveError) => void;
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
  protected readonly link: WorkerLink<P>;
  protected readonly base: string;

  /**
   * Starts the worker at `url`.
   * @param hangMs milliseconds without an answer to a ping before the worker counts as hung
   */
  constructor(url: URL, { base, onDeath }: EngineClientOptions, hangMs: number) {
    this.base = base;
    this.link = new WorkerLink(url, { title: "The engine", hangMs, onDeath });
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

  /** Deletes a model's files; the model stays loaded if it is. */
  remove(model: Model): Promise<void> {
    return this.link.rpc.call("remove", { model, base: this.base });
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

  /** Lets whoever holds the other end of `port` call the engine without passing the page, in place of the last one. */
  connect(port: MessagePort): void {
    void this.link.rpc.call("connect", { port, replace: true }, { transfer: [port] }).catch(() => undefined);
  }

  /** Ends the worker on purpose; what waits on it fails with `error`. */
  end(error: AlcoveError): void {
    this.link.end(error);
  }
}

/** The options of a call that moves a model's files. */
export function reporting({ onProgress, signal }: TransferOptions): CallOptions<LoadProgress> {
  return { signal, timeoutMs: IDLE_MS, onItem: (progress) => onProgress?.(progress) };
}
