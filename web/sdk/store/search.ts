/** Searches conversations: keeps the index of a worker at what is kept, in whichever tab it was changed. */

import type { SearchClient } from "../../../workers/search/client.ts";
import type { Searched, SearchHit } from "../../../workers/search/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { DATABASE_NAME, type Head } from "./database.ts";

export type { SearchHit } from "../../../workers/search/protocol.ts";

export interface FindOptions {
  /** Only in the conversation of this id, each of whose messages may be a hit; left out, in all of them. */
  conversation?: string | undefined;
  /** The most hits; 100 where it is left out. */
  limit?: number;
  signal?: AbortSignal;
}

/** The parts of its client that a search asks. */
export type Searcher = Pick<SearchClient, "alive" | "update" | "find" | "close">;

const LIMIT = 100;
/** What was read takes memory: it is given up when nobody has searched for so long. */
const IDLE_MS = 300_000;

/** What of a conversation the index has. */
interface Known {
  /** Of its messages; null where they must be sent anew each time. */
  state: string | null;
  title: string;
}

export class ConversationSearch {
  readonly #open: () => Promise<Searcher>;
  #searcher: Promise<Searcher> | null = null;
  readonly #known = new Map<string, Known>();
  #work: Promise<unknown> = Promise.resolve();
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(open: () => Promise<Searcher>) {
    this.#open = open;
  }

  /**
   * @param heads of all conversations, as they are now
   * @param unsaved the messages of one that is not in the database as it is; undefined where it is
   */
  async find(
    words: string,
    { conversation, limit = LIMIT, signal }: FindOptions,
    heads: readonly Head[],
    unsaved: (id: string) => Promise<Exclude<Searched["messages"], string>> | undefined,
  ): Promise<SearchHit[]> {
    if (typeof words !== "string")
      throw new AlcoveError("bad-request", "The words to search for are no text.");
    if (signal?.aborted) throw new AlcoveError("cancelled", "Stopped.");
    if (!words.trim()) return [];
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.close(), IDLE_MS);
    // One after the other: what the first brings up to date the next finds so.
    const updating = this.#work.then(() => this.#update(heads, unsaved));
    this.#work = updating.catch(() => undefined);
    const searcher = await updating;
    const most = Math.max(0, Math.min(10_000, Math.floor(limit) || 0));
    return searcher.find({ words, conversation, limit: most }, signal);
  }

  /** Nothing of it is left in the index, also where it is just being read. */
  forget(id: string): void {
    if (!this.#searcher) return;
    this.#work = this.#work.then(async () => {
      this.#known.delete(id);
      const searcher = await this.#searcher;
      await searcher?.update({ changed: [], gone: [id], database: DATABASE_NAME });
    });
    this.#work = this.#work.catch(() => undefined);
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#known.clear();
    void this.#searcher?.then((searcher) => searcher.close()).catch(() => undefined);
    this.#searcher = null;
  }

  async #update(
    heads: readonly Head[],
    unsaved: Parameters<ConversationSearch["find"]>[3],
  ): Promise<Searcher> {
    let searcher = await this.#searcher?.catch(() => undefined);
    if (!searcher?.alive) {
      this.#known.clear();
      this.#searcher = this.#open();
      searcher = await this.#searcher;
    }
    const changed: Searched[] = [];
    const now = new Map<string, Known>();
    for (const head of heads) {
      const { id, title, updated } = head;
      const waiting = unsaved(id);
      const before = this.#known.get(id);
      const state = waiting ? null : stateOf(head);
      const same = state !== null && before?.state === state;
      now.set(id, { state, title });
      if (same && before?.title === title) continue;
      changed.push({ id, title, updated, messages: waiting ? await waiting : same ? "known" : "kept" });
    }
    const gone = [...this.#known.keys()].filter((id) => !now.has(id));
    if (changed.length || gone.length) await searcher.update({ changed, gone, database: DATABASE_NAME });
    for (const [id, known] of now) this.#known.set(id, known);
    for (const id of gone) this.#known.delete(id);
    return searcher;
  }
}

/** What changes with its messages. */
const stateOf = ({ revision, writer, created, updated, count }: Head): string =>
  `${revision} ${writer} ${created} ${updated} ${count}`;
