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

  async remove(name: string): Promise<void> {
    if (this.#db) await this.#db.run((db) => db.delete("settings", name));
    else this.#memory.delete(name);
  }
}
