/**
 * The page's hold on one worker, from start to death. A worker's death raises no event, so each worker
 * holds a Web Lock named after itself for as long as it lives: the page asks for the same lock, and is
 * granted it the moment the worker is gone. A worker that lives but answers no ping is hung, and is ended.
 */
import { AlcoveError } from "./errors.ts";
import { closeGate } from "./gate.ts";
import { type Handlers, type NoArgs, type Operation, type Protocol, RpcClient, serve } from "./rpc.ts";
import { scriptUrl } from "./trusted.ts";

const PING_EVERY_MS = 5_000;

/** What every worker answers of its own life. */
type LifeProtocol = {
  /** Replies when the worker holds its lock. */
  hello: Operation<NoArgs, void>;
  ping: Operation<NoArgs, true>;
};

interface LinkOptions {
  /** Plain name for messages: "the engine". */
  title: string;
  /** Milliseconds without an answer to a ping before the worker counts as hung. */
  hangMs: number;
  /** Called once, however the worker ends, unless {@link WorkerLink.end} was called. */
  onDeath: (error: AlcoveError) => void;
}

/** @typeParam P what the worker serves */
export class WorkerLink<P extends Protocol> {
  readonly worker: Worker;
  readonly rpc: RpcClient<P>;
  /** The same client, as the link uses it. */
  readonly #life: RpcClient<LifeProtocol>;
  readonly #options: LinkOptions;
  readonly #watch = new AbortController();
  #alive = true;

  /** Starts the module worker at `url`. */
  constructor(url: URL, options: LinkOptions) {
    this.#options = options;
    const name = `alcove-${options.title}-${crypto.randomUUID()}`;
    this.worker = new Worker(scriptUrl(url), { type: "module", name });
    const rpc = new RpcClient<P & LifeProtocol>(this.worker);
    this.rpc = rpc;
    this.#life = rpc;
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(`uncaught: ${event.message ?? "script failed to load"}`);
    });
    void this.#watchLife(name);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Ends the worker on purpose; what waits on it fails with `error`. */
  end(error: AlcoveError): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#watch.abort();
    this.worker.terminate();
    this.rpc.close(error);
  }

  #die(detail: string): void {
    if (!this.#alive) return;
    const error = new AlcoveError("engine-crashed", `${this.#options.title} stopped unexpectedly.`, {
      action: "It is being restarted. Your conversation is kept; try again.",
      detail,
    });
    this.end(error);
    this.#options.onDeath(error);
  }

  async #watchLife(name: string): Promise<void> {
    const signal = this.#watch.signal;
    try {
      await this.#life.call("hello", {}, { timeoutMs: this.#options.hangMs });
      if (navigator.locks) {
        void navigator.locks
          .request(name, { signal }, () => this.#die("the worker ended"))
          .catch(() => undefined);
      }
      // One missed ping may be a machine that slept; two in a row are a hung worker.
      for (let missed = 0; this.#alive && missed < 2; ) {
        await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
        const answered = this.#life.call("ping", {}, { timeoutMs: this.#options.hangMs / 2 });
        missed = await answered.then(
          () => 0,
          () => missed + 1,
        );
      }
      this.#die("the worker does not answer");
    } catch {
      this.#die("the worker did not start");
    }
  }
}

/** Inside a worker: answers calls on its own global, and shows the page that it lives. */
export function serveWorker<P extends Protocol>(handlers: Handlers<P>): void {
  closeGate();
  const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
  const held = new Promise<void>((resolve) => {
    if (!navigator.locks) return resolve();
    void navigator.locks.request(scope.name, () => {
      resolve();
      return new Promise<never>(() => undefined);
    });
  });
  const life: Handlers<LifeProtocol> = { hello: () => held, ping: () => true };
  serve<P>(scope, { ...handlers, ...life });
}
