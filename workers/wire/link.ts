/**
 * The page's hold on one worker, from start to death. A worker's death raises no event, so each worker
 * holds a Web Lock named after itself for as long as it lives: the page asks for the same lock, and is
 * granted it the moment the worker is gone. A worker that lives but answers no ping is hung, and is ended.
 */
import { AlcoveError } from "./errors.ts";
import { closeGate } from "./gate.ts";
import { openDoor } from "./line.ts";
import { type Handlers, type NoArgs, type Operation, type Protocol, RpcClient, serve } from "./rpc.ts";
import { scriptUrl } from "./trusted.ts";

const PING_EVERY_MS = 5_000;

/** What every worker answers of its own life. */
export type LifeProtocol = {
  /** Replies when the worker holds its lock. With a `door`, it opens to other tabs too. */
  hello: Operation<{ door?: string }, void>;
  ping: Operation<NoArgs, true>;
  /** The tab that started it wants it no more: it ends once no other tab has a line to it. */
  leave: Operation<NoArgs, void>;
};

export interface LinkOptions {
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
  /** Another client, which stays when the work is given up. */
  readonly #life: RpcClient<LifeProtocol>;
  readonly #options: LinkOptions;
  readonly #watch = new AbortController();
  #alive = true;

  /** Starts the module worker at `url`; `door` is where other tabs find it. */
  constructor(url: URL, options: LinkOptions, door?: string) {
    this.#options = options;
    const name = `alcove-${options.title}-${crypto.randomUUID()}`;
    this.worker = new Worker(scriptUrl(url), { type: "module", name });
    this.rpc = new RpcClient<P>(this.worker);
    this.#life = new RpcClient<LifeProtocol>(this.worker);
    this.worker.addEventListener("error", (event) => {
      event.preventDefault();
      this.#die(`uncaught: ${event.message ?? "script failed to load"}`);
    });
    void this.#watchLife(name, door);
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
    this.#life.close(error);
  }

  /** Gives the worker up; what waits on it fails with `error`. It ends when no other tab uses it: `onDeath` hears it. */
  leave(error: AlcoveError): void {
    this.rpc.close(error);
    void this.#life.call("leave", {}, { timeoutMs: 0 }).catch(() => undefined);
  }

  #die(detail: string): void {
    if (!this.#alive) return;
    const error = stopped(this.#options.title, detail);
    this.end(error);
    this.#options.onDeath(error);
  }

  async #watchLife(name: string, door: string | undefined): Promise<void> {
    const signal = this.#watch.signal;
    const { hangMs } = this.#options;
    try {
      await this.#life.call("hello", door === undefined ? {} : { door }, { timeoutMs: hangMs });
    } catch {
      return this.#die("the worker did not start");
    }
    if (navigator.locks) {
      void navigator.locks
        .request(name, { signal }, () => this.#die("the worker ended"))
        .catch(() => undefined);
    }
    await answersNoMore(this.#life, hangMs, signal);
    this.#die("the worker does not answer");
  }
}

/** What whoever waits for a worker is told when it is gone. */
export function stopped(title: string, detail: string): AlcoveError {
  return new AlcoveError("engine-crashed", `${title} stopped unexpectedly.`, {
    action: "It is being restarted. Your conversation is kept; try again.",
    detail,
  });
}

/** Resolves when a worker is hung, or `signal` aborted. */
export async function answersNoMore(
  life: RpcClient<LifeProtocol>,
  hangMs: number,
  signal: AbortSignal,
): Promise<void> {
  // One missed ping may be a machine that slept; two in a row are a hung worker.
  for (let missed = 0; !signal.aborted && missed < 2; ) {
    await new Promise((resolve) => setTimeout(resolve, PING_EVERY_MS));
    const answered = life.call("ping", {}, { timeoutMs: hangMs / 2 });
    missed = await answered.then(
      () => 0,
      () => missed + 1,
    );
  }
}

/** Inside a worker: answers calls on its own global and at its door, and shows that it lives. */
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
  let lines = 0;
  let left = false;
  const endIfUnused = () => {
    if (left && lines === 0) scope.close();
  };
  const life: Handlers<LifeProtocol> = {
    hello: async ({ door }) => {
      await held;
      if (door === undefined) return;
      openDoor(
        door,
        (line) => serve<P>(line, all),
        (open) => {
          lines = open;
          endIfUnused();
        },
      );
    },
    ping: () => true,
    leave: () => {
      left = true;
      endIfUnused();
    },
  };
  const all = { ...handlers, ...life };
  serve<P>(scope, all);
}
