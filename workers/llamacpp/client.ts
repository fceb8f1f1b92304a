/** The outside of the llama.cpp worker: one generation of it, from start to death. */
import type {
  ChatRequest,
  Chunk,
  Engine,
  EngineDescription,
  LoadedModel,
  LoadProgress,
  ModelSpec,
} from "../shared/engine.ts";
import type { AlcoveError } from "../shared/errors.ts";
import { WorkerLink } from "../shared/link.ts";
import { streamOf } from "../shared/stream.ts";
import type { StoredFile } from "./protocol.ts";

/** The worker itself only coordinates; the model computes in a worker of its own. */
const HANG_MS = 30_000;
/** Loads and completions report progress; without any for this long they fail. */
const IDLE_MS = 180_000;

export interface TransferOptions {
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export class LlamaCppClient implements Engine {
  readonly #link: WorkerLink;
  readonly #base: string;

  /** Starts the worker at `url`; `base` is the absolute URL that a model's relative URLs start from. */
  constructor(url: URL, options: { base: string; onDeath: (error: AlcoveError) => void }) {
    this.#base = options.base;
    this.#link = new WorkerLink(url, { title: "The engine", hangMs: HANG_MS, onDeath: options.onDeath });
  }

  describe(): Promise<EngineDescription> {
    return this.#link.rpc.call("describe");
  }

  load(model: ModelSpec, options: TransferOptions = {}): Promise<LoadedModel> {
    return this.#transfer("load", { model, base: this.#base }, options);
  }

  /** Downloads and checks a model's files without loading it. */
  download(model: ModelSpec, options: TransferOptions = {}): Promise<void> {
    return this.#transfer("download", { model, base: this.#base }, options);
  }

  /** Copies a file of the person's into the store and describes it as a model. */
  import(file: File, options: TransferOptions = {}): Promise<ModelSpec> {
    return this.#transfer("import", { file }, options);
  }

  complete(request: ChatRequest, { signal }: { signal?: AbortSignal } = {}): AsyncGenerator<Chunk, void> {
    const stop = new AbortController();
    const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
    return streamOf<Chunk>(
      (push) =>
        this.#link.rpc.call("complete", { request }, { signal: either, timeoutMs: IDLE_MS, onItem: push }),
      () => stop.abort(),
    );
  }

  unload(): Promise<void> {
    return this.#link.rpc.call("unload");
  }

  /** The files that are whole and checked on this device. */
  stored(): Promise<StoredFile[]> {
    return this.#link.rpc.call("stored");
  }

  /** Deletes a model's files; the model stays loaded if it is. */
  remove(model: ModelSpec): Promise<void> {
    return this.#link.rpc.call("remove", { model });
  }

  /** Lets whoever holds the other end of `port` call the engine without passing the page, in place of the last one. */
  connect(port: MessagePort): void {
    void this.#link.rpc.call("connect", { port, replace: true }, { transfer: [port] }).catch(() => undefined);
  }

  /** Ends the worker on purpose; what waits on it fails with `error`. */
  end(error: AlcoveError): void {
    this.#link.end(error);
  }

  #transfer<T>(op: string, args: unknown, { onProgress, signal }: TransferOptions): Promise<T> {
    return this.#link.rpc.call<T>(op, args, {
      signal,
      timeoutMs: IDLE_MS,
      onItem: (progress: LoadProgress) => onProgress?.(progress),
    });
  }
}
