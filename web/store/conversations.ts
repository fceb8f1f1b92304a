/** Conversations, kept in IndexedDB; in memory where there is none, which is said in `persistent`. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { TranscriptRecord } from "../../workers/python/protocol.ts";

interface Schema extends DBSchema {
  conversations: { key: string; value: TranscriptRecord };
}

export interface ConversationSummary {
  id: string;
  title: string;
  created: string;
  updated: string;
  /** Number of messages. */
  count: number;
}

const OPEN_MS = 3_000;

/** Emits `change` when a conversation was saved, renamed or removed, here or in another tab. */
export class Conversations extends EventTarget {
  readonly #memory = new Map<string, TranscriptRecord>();
  readonly #titles = new Map<string, string>();
  readonly #tabs =
    typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("alcove-conversations");
  #db: IDBPDatabase<Schema> | null = null;
  /** What `list` answers from: reading every conversation anew on each message would cost more each day. */
  #summaries: Promise<Map<string, ConversationSummary>> | null = null;
  /** Whether conversations outlive the tab. */
  persistent = false;

  /** Opens the store; never fails: without IndexedDB it keeps everything in memory. */
  static async open(): Promise<Conversations> {
    const store = new Conversations();
    try {
      const opening = openDB<Schema>("alcove", 1, {
        upgrade: (db) => {
          db.createObjectStore("conversations", { keyPath: "id" });
        },
        // Another tab with a newer Alcove must be able to upgrade.
        blocking: () => store.#db?.close(),
      });
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), OPEN_MS));
      store.#db = await Promise.race([opening, late]);
    } catch {
      store.#db = null;
    }
    store.persistent = store.#db !== null;
    store.#tabs?.addEventListener("message", () => {
      store.#summaries = null;
      store.dispatchEvent(new Event("change"));
    });
    return store;
  }

  /** Newest first. */
  async list(): Promise<ConversationSummary[]> {
    this.#summaries ??= this.#readAll();
    const summaries = await this.#summaries;
    return [...summaries.values()].sort((a, b) => b.updated.localeCompare(a.updated));
  }

  async get(id: string): Promise<TranscriptRecord | undefined> {
    return this.#db ? this.#db.get("conversations", id) : this.#memory.get(id);
  }

  /** Keeps a transcript; a title that the person gave stays. */
  async save(record: TranscriptRecord): Promise<void> {
    const title = this.#titles.get(record.id) ?? (await this.get(record.id))?.title ?? record.title;
    this.#titles.set(record.id, title);
    await this.#put({ ...record, title });
  }

  async rename(id: string, title: string): Promise<void> {
    const record = await this.get(id);
    if (!record) return;
    this.#titles.set(id, title);
    await this.#put({ ...record, title });
  }

  async remove(id: string): Promise<void> {
    this.#titles.delete(id);
    if (this.#db) await this.#db.delete("conversations", id);
    else this.#memory.delete(id);
    (await this.#summaries)?.delete(id);
    this.#changed();
  }

  async #put(record: TranscriptRecord): Promise<void> {
    if (this.#db) await this.#db.put("conversations", record);
    else this.#memory.set(record.id, record);
    (await this.#summaries)?.set(record.id, summaryOf(record));
    this.#changed();
  }

  async #readAll(): Promise<Map<string, ConversationSummary>> {
    try {
      const records = this.#db ? await this.#db.getAll("conversations") : [...this.#memory.values()];
      return new Map(records.map((record) => [record.id, summaryOf(record)]));
    } catch (error) {
      this.#summaries = null;
      throw error;
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
    this.#tabs?.postMessage("change");
  }
}

function summaryOf({ id, title, created, updated, messages }: TranscriptRecord): ConversationSummary {
  return { id, title, created, updated, count: messages.length };
}
