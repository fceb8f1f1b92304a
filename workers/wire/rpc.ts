/**
 * Calls over a MessagePort (or a Worker, or a worker's own global): a reply or a typed error for every
 * call, items streamed before the reply, cancel by AbortSignal, and a time-out that restarts with every
 * item. A port belongs to one generation of a worker: when the worker is replaced, the client is closed
 * and everything that waited on it fails at once.
 *
 * Both sides are written against one {@link Protocol}, so that neither can misspell an operation or mistake
 * what it takes; nothing is checked when a message comes.
 */
import { AwakeTimer } from "./awake.ts";
import { AlcoveError, type ErrorData, toAlcoveError } from "./errors.ts";

/** The part of MessagePort, Worker, BroadcastChannel and DedicatedWorkerGlobalScope that a call needs. */
export interface Endpoint {
  postMessage(message: unknown, transfer?: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent) => void): void;
  start?(): void;
}

/**
 * What can be asked of a side of a port: what it takes, what it replies, and the items that it streams before.
 * Only a type: no value has it.
 */
export interface Operation<Args, Reply, Item = never> {
  args: Args;
  reply: Reply;
  item: Item;
}

/** What a side of a port can be asked, by name. */
export type Protocol = Record<string, Operation<unknown, unknown, unknown>>;

export type NoArgs = Record<string, never>;

type Message =
  | { rpc: "call"; id: number; op: string; args: unknown }
  | { rpc: "cancel"; id: number }
  | { rpc: "item"; id: number; item: unknown }
  | { rpc: "reply"; id: number; value: unknown }
  | { rpc: "error"; id: number; error: ErrorData };

export interface CallOptions<Item> {
  signal?: AbortSignal | undefined;
  /** Milliseconds without an item or the reply before the call fails with `timeout`; 0 waits for the worker's death. */
  timeoutMs?: number;
  onItem?: (item: Item) => void;
  transfer?: Transferable[];
}

const DEFAULT_TIMEOUT_MS = 60_000;

interface Pending {
  resolve(value: unknown): void;
  reject(error: AlcoveError): void;
  onItem: ((item: never) => void) | undefined;
  touch(): void;
}

/** Of all clients: two of them may share an endpoint. */
let nextId = 1;

/** The calling side of a port whose other side serves `P`. */
export class RpcClient<P extends Protocol> {
  readonly #pending = new Map<number, Pending>();
  #endpoint: Endpoint | undefined;
  /** What is sent as soon as there is an endpoint. */
  #unsent: ((endpoint: Endpoint) => void)[] = [];
  #closed: AlcoveError | undefined;

  /** @param endpoint a promise of one, where calls come before it is there; one that rejects is never there */
  constructor(endpoint: Endpoint | Promise<Endpoint>) {
    if (endpoint instanceof Promise) void endpoint.then(this.#open, () => undefined);
    else this.#open(endpoint);
  }

  readonly #open = (endpoint: Endpoint): void => {
    if (this.#closed) return;
    this.#endpoint = endpoint;
    endpoint.addEventListener("message", this.#onMessage);
    endpoint.start?.();
    for (const send of this.#unsent.splice(0)) send(endpoint);
  };

  /** Whether a call waits for its answer. */
  get busy(): boolean {
    return this.#pending.size > 0;
  }

  /**
   * Calls `op` on the other side.
   * @throws AlcoveError whatever the other side threw; `cancelled` after an abort that the other side did
   *   not answer otherwise; `timeout`; `bad-request` for what cannot cross; the error given to {@link close}.
   */
  call<Op extends keyof P & string>(
    op: Op,
    args: P[Op]["args"],
    options: CallOptions<P[Op]["item"]> = {},
  ): Promise<P[Op]["reply"]> {
    if (this.#closed) return Promise.reject(this.#closed);
    const { signal, timeoutMs = DEFAULT_TIMEOUT_MS, onItem, transfer = [] } = options;
    if (signal?.aborted) return Promise.reject(new AlcoveError("cancelled", "Stopped."));
    const id = nextId++;
    return new Promise((resolve, reject) => {
      const silence = new AwakeTimer(() => onTimeout());
      const settle = () => {
        silence.stop();
        signal?.removeEventListener("abort", onAbort);
        this.#pending.delete(id);
      };
      const touch = () => {
        if (timeoutMs > 0) silence.start(timeoutMs);
      };
      const onTimeout = () => {
        this.#post({ rpc: "cancel", id });
        settle();
        reject(new AlcoveError("timeout", "No answer came in time.", { detail: `${op}: ${timeoutMs} ms` }));
      };
      // The other side answers a cancel with its own reply or error; the time-out covers one that does not.
      const onAbort = () => this.#post({ rpc: "cancel", id });
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#pending.set(id, {
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
        onItem,
        touch,
      });
      touch();
      this.#send((endpoint) => {
        try {
          endpoint.postMessage({ rpc: "call", id, op, args } satisfies Message, transfer);
        } catch (thrown) {
          settle();
          reject(
            new AlcoveError("bad-request", "This cannot be sent to a worker.", {
              action: "Send plain values: no functions, no elements of the page.",
              detail: String(thrown),
            }),
          );
        }
      });
    });
  }

  /** Fails everything that waits, and every later call, with `error`; the other side may live on, and stops its work. */
  close(error: AlcoveError): void {
    if (this.#closed) return;
    for (const id of this.#pending.keys()) this.#post({ rpc: "cancel", id });
    this.#closed = error;
    this.#unsent = [];
    this.#endpoint?.removeEventListener("message", this.#onMessage);
    for (const pending of [...this.#pending.values()]) pending.reject(error);
  }

  #post(message: Message): void {
    if (!this.#closed) this.#send((endpoint) => endpoint.postMessage(message));
  }

  #send(send: (endpoint: Endpoint) => void): void {
    if (this.#endpoint) send(this.#endpoint);
    else this.#unsent.push(send);
  }

  readonly #onMessage = (event: MessageEvent): void => {
    const message = event.data as Message | undefined;
    if (message?.rpc !== "item" && message?.rpc !== "reply" && message?.rpc !== "error") return;
    const pending = this.#pending.get(message.id);
    if (!pending) return;
    if (message.rpc === "reply") pending.resolve(message.value);
    else if (message.rpc === "error") pending.reject(AlcoveError.from(message.error));
    else {
      pending.touch();
      pending.onItem?.(message.item as never);
    }
  };
}

export interface CallContext<Item> {
  /** Aborts when the caller cancels or times out. */
  signal: AbortSignal;
  /** Streams one item to the caller. */
  emit(item: Item): void;
}

/** Answers for every operation of `P`. */
export type Handlers<P extends Protocol> = {
  [Op in keyof P]: (
    args: P[Op]["args"],
    context: CallContext<P[Op]["item"]>,
  ) => P[Op]["reply"] | Promise<P[Op]["reply"]>;
};

/** The answering side of a port. Returns a function that stops answering and aborts what still runs. */
export function serve<P extends Protocol>(endpoint: Endpoint, handlers: Handlers<P>): () => void {
  // What comes over the wire has no type: the name may be anybody's, and the arguments are taken as they are.
  const untyped = handlers as Partial<Handlers<Protocol>>;
  const running = new Map<number, AbortController>();

  async function run(id: number, op: string, args: unknown): Promise<void> {
    const controller = new AbortController();
    running.set(id, controller);
    const post = (message: Message) => endpoint.postMessage(message);
    try {
      const handler = untyped[op];
      if (!handler) throw new AlcoveError("bad-request", `There is no operation called "${op}".`);
      const emit = (item: unknown) => post({ rpc: "item", id, item });
      const value = await handler(args, { signal: controller.signal, emit });
      post({ rpc: "reply", id, value });
    } catch (thrown) {
      post({ rpc: "error", id, error: toAlcoveError(thrown).toData() });
    } finally {
      running.delete(id);
    }
  }

  const onMessage = (event: MessageEvent): void => {
    const message = event.data as Message | undefined;
    if (message?.rpc === "call") void run(message.id, message.op, message.args);
    else if (message?.rpc === "cancel") running.get(message.id)?.abort();
  };
  endpoint.addEventListener("message", onMessage);
  endpoint.start?.();
  return () => {
    endpoint.removeEventListener("message", onMessage);
    for (const controller of running.values()) controller.abort();
  };
}
