/** What the person has set, by name: kept in IndexedDB, never sent anywhere; in memory where there is none. */
import type { Database } from "./database.ts";

export class Settings {
  readonly #db: Database | null;
  readonly #memory = new Map<string, unknown>();

  constructor(db: Database | null) {
    this.#db = db;
  }

  async get<T>(name: string): Promise<T | undefined> {
    return (this.#db ? await this.#db.run((db) => db.get("settings", name)) : this.#memory.get(name)) as
      | T
      | undefined;
  }

  async set(name: string, value: unknown): Promise<void> {
    if (this.#db) await this.#db.run((db) => db.put("settings", value, name));
    else this.#memory.set(name, value);
  }

  /** Changes a setting in one piece: what another tab sets meanwhile is not lost. Returns what is kept now. */
  async update<T>(name: string, change: (before: T | undefined) => T): Promise<T> {
    if (!this.#db) {
      const now = change(this.#memory.get(name) as T | undefined);
      this.#memory.set(name, now);
      return now;
    }
    return this.#db.run(async (db) => {
      const { store, done } = db.transaction("settings", "readwrite");
      const now = change((await store.get(name)) as T | undefined);
      await store.put(now, name);
      await done;
      return now;
    });
  }

  async remove(name: string): Promise<void> {
    if (this.#db) await this.#db.run((db) => db.delete("settings", name));
    else this.#memory.delete(name);
  }
}
