/**
 * The page's side of the Python worker: starts it, replaces it when it dies, and turns a turn into a
 * stream of events.
 */
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import { serve } from "../wire/rpc.ts";
import { streamOf } from "../wire/stream.ts";
import type { BootProgress, Prompt, PythonHost, SessionConfig, TurnEvent } from "./protocol.ts";

/** Python may compute for a while without answering a ping. */
const HANG_MS = 120_000;
const BOOT_MS = 120_000;
/** A turn may wait for a download, or for a person who has to approve something. */
const TURN_IDLE_MS = 3_600_000;
/** A worker that does not even hear a cancel is busy in Python code that never yields. */
const CANCEL_MS = 5_000;
/** More deaths than this in a row, none of which got as far as a boot, and the worker stays down. */
const MAX_RESTARTS = 2;

interface PythonClientOptions {
  url: URL;
  /** Absolute URL of the root of the built site. */
  base: string;
  host: PythonHost;
  onProgress: (progress: BootProgress) => void;
  /** The worker died; it is being replaced and every session has to be opened again. */
  onDeath: (error: AlcoveError) => void;
  /** A new worker is up; it needs a port to the engine. */
  onStart: () => void;
}

export class PythonClient {
  readonly #options: PythonClientOptions;
  #link!: WorkerLink;
  #booted!: Promise<void>;
  #failures = 0;
  /** Counts the workers; what was opened in an earlier one is gone. */
  epoch = 0;

  constructor(options: PythonClientOptions) {
    this.#options = options;
    this.#start();
  }

  /** Resolves when the present worker can open sessions. */
  get ready(): Promise<void> {
    return this.#booted;
  }

  #start(): void {
    const { url, base, host, onProgress } = this.#options;
    this.epoch += 1;
    this.#link = new WorkerLink(url, { title: "Python", hangMs: HANG_MS, onDeath: (e) => this.#died(e) });
    serve(this.#link.worker, {
      save: ({ record }) => host.save(record),
      callTool: (call) => host.callTool(call),
      ensureModel: ({ model }, { signal }) => host.ensureModel(model, signal),
      see: ({ request }, { signal }) => host.see(request, signal),
      capture: ({ request }, { signal }) => host.capture(request, signal),
      describe: () => host.describe(),
    });
    this.#booted = this.#link.rpc
      .call<void>("boot", { base }, { timeoutMs: BOOT_MS, onItem: onProgress })
      .then(() => {
        this.#failures = 0;
      });
    this.#booted.catch(() => undefined);
    this.#options.onStart();
  }

  #died(error: AlcoveError): void {
    this.#failures += 1;
    if (this.#failures <= MAX_RESTARTS) this.#start();
    this.#options.onDeath(error);
  }

  /** Starts a worker again after it was given up. */
  revive(): void {
    if (this.#link.alive) return;
    this.#failures = 0;
    this.#start();
  }

  async #call<T>(op: string, args: unknown, transfer: Transferable[] = []): Promise<T> {
    await this.#booted;
    return this.#link.rpc.call<T>(op, args, { transfer });
  }

  /** Hands Python a line to the engine's worker. */
  attachEngine(port: MessagePort): void {
    void this.#link.rpc.call("attachEngine", { port }, { transfer: [port] }).catch(() => undefined);
  }

  /** The engine died: what Python waits for fails at once. */
  detachEngine(): void {
    void this.#link.rpc.call("detachEngine").catch(() => undefined);
  }

  open(config: SessionConfig): Promise<{ id: string; provider: string; model: string }> {
    return this.#call("open", { config });
  }

  /** Runs one turn, or runs the last one again when `prompt` is null. */
  turn(session: string, prompt: Prompt | null): AsyncGenerator<TurnEvent, void, undefined> {
    const op = prompt === null ? "retry" : "send";
    return streamOf<TurnEvent>(
      (push) => this.#link.rpc.call(op, { session, prompt }, { timeoutMs: TURN_IDLE_MS, onItem: push }),
      () => void this.cancel(session),
    );
  }

  /** Stops the running turn of a session; a worker that does not hear it is replaced. */
  async cancel(session: string): Promise<void> {
    const link = this.#link;
    try {
      await link.rpc.call("cancel", { session, immediate: true }, { timeoutMs: CANCEL_MS });
    } catch (error) {
      if (!(error instanceof AlcoveError) || error.code !== "timeout" || !link.alive) return;
      const stopped = new AlcoveError("cancelled", "Stopped.");
      link.end(stopped);
      this.#died(stopped);
    }
  }

  respond(session: string, approval: string, option: string): Promise<void> {
    return this.#call("respond", { session, approval, option });
  }

  close(session: string): Promise<void> {
    return this.#call("close", { session });
  }

  /** Runs Python code in the worker and returns its last expression as JavaScript. */
  run(code: string): Promise<unknown> {
    return this.#call("run", { code });
  }

  /** Installs a wheel with micropip: a URL on an allowed host, or a file of the person's. */
  async install(wheel: string | File): Promise<void> {
    if (typeof wheel === "string") return this.#call("install", { wheel });
    const bytes = await wheel.arrayBuffer();
    return this.#call("install", { wheel: bytes, name: wheel.name }, [bytes]);
  }

  /** Ends the worker for good. */
  dispose(): void {
    this.#link.end(new AlcoveError("cancelled", "Alcove was closed."));
  }
}
