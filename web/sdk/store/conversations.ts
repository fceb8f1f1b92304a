/** Conversations, kept in IndexedDB; in memory where there is none, which is said in `persistent`. */

import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";
import type { Database } from "./database.ts";

export interface ConversationSummary {
  id: string;
  title: string;
  created: string;
  updated: string;
  /** Number of messages. */
  count: number;
}

/** Emits `change` when a conversation was saved, renamed or removed, here or in another tab. */
export class Conversations extends EventTarget {
  readonly #memory = new Map<string, TranscriptRecord>();
  readonly #titles = new Map<string, string>();
  readonly #tabs =
    typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("alcove-conversations");
  readonly #db: Database | null;
  /** What `list` answers from: reading every conversation anew on each message would cost more each day. */
  #summaries: Promise<Map<string, ConversationSummary>> | null = null;
  /** @param db null keeps everything in memory */
  constructor(db: Database | null) {
    super();
    this.#db = db;
    this.#tabs?.addEventListener("message", () => {
      this.#summaries = null;
      this.dispatchEvent(new Event("change"));
    });
  }

  /** Whether conversations outlive the tab. */
  get persistent(): boolean {
    return this.#db !== null;
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

  /** Deletes a conversation, and what an engine has kept of any. */
  async remove(id: string): Promise<void> {
    await forgetKeptPrompts();
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
