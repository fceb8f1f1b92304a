/** Cache Storage and locks in memory, as far as the service worker's store uses them. */

type Kept = { body: ArrayBuffer; headers: [string, string][] };

export class FakeCaches {
  readonly stores = new Map<string, Map<string, Kept>>();
  /** Bytes that a `put` may bring in all; then it throws as a full device does. */
  room = Number.POSITIVE_INFINITY;

  async open(name: string) {
    const store = this.stores.get(name) ?? new Map<string, Kept>();
    this.stores.set(name, store);
    return {
      put: async (url: string, response: Response) => {
        const body = await response.arrayBuffer();
        this.room -= body.byteLength;
        if (this.room < 0) throw new DOMException("full", "QuotaExceededError");
        store.set(url, { body, headers: [...response.headers] });
      },
      delete: async (url: string) => store.delete(url),
      keys: async () => [...store.keys()].map((url) => ({ url })),
    };
  }

  async match(url: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> {
    const kept = this.stores.get(cacheName)?.get(url);
    return kept && new Response(kept.body.slice(0), { headers: kept.headers });
  }

  async keys(): Promise<string[]> {
    return [...this.stores.keys()];
  }

  async delete(name: string): Promise<boolean> {
    return this.stores.delete(name);
  }

  /** Flips a bit of what is kept, and leaves its length. */
  damage(name: string, url: string): void {
    const kept = this.stores.get(name)?.get(url);
    if (!kept) throw new Error(`${url} is not kept`);
    const bytes = new Uint8Array(kept.body);
    bytes[0] = (bytes[0] as number) ^ 1;
  }
}

/** `navigator.locks`: one name, shared or alone. */
export class FakeLocks {
  #held = 0;

  async request<T>(
    _name: string,
    { mode, ifAvailable }: { mode?: "shared"; ifAvailable?: boolean },
    task: (lock: object | null) => Promise<T>,
  ): Promise<T> {
    if (mode !== "shared" && this.#held > 0) {
      if (ifAvailable) return task(null);
      throw new Error("nobody waits for this lock");
    }
    this.#held++;
    try {
      return await task({});
    } finally {
      this.#held--;
    }
  }
}
