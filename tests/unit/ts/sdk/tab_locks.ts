/** Web Locks in memory, as far as the tabs of a test need them; a tab that dies lets go of its own. */

interface Waiting {
  grant(): void;
}

export class TabLocks {
  readonly #queues = new Map<string, Waiting[]>();

  readonly request = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const task = rest.at(-1) as (lock: object | null) => unknown;
    const options = (rest.length > 1 ? rest[0] : {}) as { ifAvailable?: boolean; signal?: AbortSignal };
    const queue = this.#queues.get(name) ?? [];
    this.#queues.set(name, queue);
    if (options.ifAvailable && queue.length > 0) return task(null);
    const own: Waiting = { grant: () => undefined };
    const leave = () => {
      queue.splice(queue.indexOf(own), 1);
      queue[0]?.grant();
    };
    const granted =
      queue.length === 0
        ? Promise.resolve()
        : new Promise<void>((resolve, reject) => {
            own.grant = resolve;
            options.signal?.addEventListener("abort", () => {
              if (queue[0] === own) return;
              leave();
              reject(new DOMException("aborted", "AbortError"));
            });
          });
    queue.push(own);
    await granted;
    try {
      return await task({});
    } finally {
      leave();
    }
  };

  /** The tab that holds `name` is gone. */
  die(name: string): void {
    const queue = this.#queues.get(name);
    queue?.shift();
    queue?.[0]?.grant();
  }
}
