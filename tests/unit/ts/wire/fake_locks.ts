/** Web Locks as far as ours use them: Node 20 has none. */
interface Asked {
  grant(): void;
}

interface Lock {
  queue: Asked[];
  held: { lose(): void } | undefined;
}

class FakeLocks {
  readonly #locks = new Map<string, Lock>();

  async request(name: string, ...rest: unknown[]): Promise<unknown> {
    const task = rest.at(-1) as () => unknown;
    const { signal, steal } = (rest.length > 1 ? rest[0] : {}) as { signal?: AbortSignal; steal?: boolean };
    const lock = this.#locks.get(name) ?? { queue: [], held: undefined };
    this.#locks.set(name, lock);
    return new Promise((resolve, reject) => {
      const gone = () => reject(new DOMException("The request was given up.", "AbortError"));
      if (signal?.aborted) return gone();
      const asked: Asked = {
        grant: () => {
          signal?.removeEventListener("abort", leave);
          const held = { lose: gone };
          lock.held = held;
          Promise.resolve()
            .then(task)
            .then(resolve, reject)
            .finally(() => {
              if (lock.held !== held) return;
              lock.held = undefined;
              lock.queue.shift()?.grant();
            });
        },
      };
      const leave = () => {
        lock.queue = lock.queue.filter((other) => other !== asked);
        gone();
      };
      signal?.addEventListener("abort", leave, { once: true });
      if (steal) {
        lock.held?.lose();
        asked.grant();
      } else if (lock.held) lock.queue.push(asked);
      else asked.grant();
    });
  }
}

/** Gives the test `navigator.locks`, and a way to close the channels that it opened: each would keep Node alive. */
export function installFakeLocks(): { opened: BroadcastChannel[]; closeAll: () => void } {
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { locks: new FakeLocks() } });
  const opened: BroadcastChannel[] = [];
  const Real = globalThis.BroadcastChannel;
  globalThis.BroadcastChannel = class extends Real {
    constructor(name: string) {
      super(name);
      opened.push(this);
    }
  };
  const closeAll = () => {
    globalThis.BroadcastChannel = Real;
    for (const channel of opened) channel.close();
  };
  return { opened, closeAll };
}
