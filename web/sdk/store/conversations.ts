/**
 * Conversations, kept in IndexedDB; in memory where there is none, which is said in `persistent`. Every tab of the site
 * has the same: what one changes, all others hear.
 */

import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { withAnswer } from "./answer.ts";
import type { ImportReport } from "./archive.ts";
import { type Configuration, configured, standing } from "./configured.ts";
import type { Connection, Database, Head } from "./database.ts";
import { branchesWith, overlaid } from "./delta.ts";
import { notKept, outOfReach } from "./failures.ts";
import { aboutOf, type ConversationChange, type ConversationSummary, newestFirst } from "./heads.ts";
import { askToPersist } from "./persist.ts";
import { checkedTitle, listed, type PlaceChanges, placed, placeOf, titled } from "./place.ts";
import type { ConversationSearch, FindOptions, SearchHit } from "./search.ts";
import { add, change, heads, read, readHead, remove, restore, type Stored } from "./transactions.ts";
import { isAnswered } from "./turn-lock.ts";
import type { StoreWorkers } from "./workers.ts";
import { ConversationWriter } from "./writer.ts";

const CHANNEL = "alcove-conversations";

/** Tells every Alcove of this site, also those of this page, that all that is kept is deleted. */
export function tellCleared(): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ what: "cleared" });
  channel.close();
}

/**
 * Emits, of what happens here or in another tab (each a CustomEvent of {@link ConversationChange}): `change` when a
 * conversation was saved, renamed, placed, configured or removed; `answer` when an answer under way has grown. And `trouble` when
 * {@link trouble} has changed.
 */
export class Conversations extends EventTarget {
  readonly #db: Database | null;
  /** Of the conversations that are open here, or wait to be saved. */
  readonly #writers = new Map<string, ConversationWriter>();
  /** Null after the end. */
  #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  /** What `list` answers from: reading every head anew on each message would cost more each day. */
  readonly #heads = new Map<string, Head>();
  #read: Promise<void> | null = null;
  /** A page reads a conversation to show it, and opens a session of it then. */
  #lastRead: Stored | undefined;
  readonly #troubles = new Map<string, AlcoveError>();
  readonly #left = new AbortController();
  #closed = false;
  readonly #workers: StoreWorkers;
  #search: ConversationSearch | null = null;

  /**
   * @param db null keeps everything in memory
   * @param workers start what searches, and what reads files
   */
  constructor(db: Database | null, workers: StoreWorkers) {
    super();
    this.#db = db;
    this.#workers = workers;
    this.#tabs?.addEventListener("message", ({ data }) => void this.#hear(data));
    // The page may be gone at once: what was said is written while it still can be.
    const leave = () => {
      for (const writer of this.#writers.values()) writer.leave();
    };
    const { signal } = this.#left;
    globalThis.addEventListener?.("pagehide", leave, { signal });
    (globalThis.document as Document | undefined)?.addEventListener("visibilitychange", leave, { signal });
  }

  /**
   * Nothing is told here any more, and nothing is heard of other tabs. Where something waits to be kept, it goes on being
   * tried, unless it is deleted elsewhere.
   */
  close(): void {
    this.#closed = true;
    this.#search?.close();
    this.#letGo();
  }

  #letGo(): void {
    if (!this.#closed || (this.#db && [...this.#writers.values()].some(({ waits }) => waits))) return;
    this.#left.abort();
    this.#tabs?.close();
    this.#tabs = null;
    this.#db?.close();
  }

  /** Whether conversations outlive the tab. */
  get persistent(): boolean {
    return this.#db !== null;
  }

  /** Why something new is not kept at the moment, in words; null when all is. It is tried again until it succeeds. */
  get trouble(): AlcoveError | null {
    return [...this.#troubles.values()].at(-1) ?? null;
  }

  /** Newest first. Waits for a database that is slow to open. @throws AlcoveError when it cannot be read */
  async list(): Promise<ConversationSummary[]> {
    await this.#readHeads();
    return [...this.#heads.values()]
      .filter(({ count }) => count > 0)
      .sort(newestFirst)
      .map(({ id, title, created, updated, count, ...head }) => {
        return { id, title, created, updated, count, ...listed(head) };
      });
  }

  /**
   * Where all the words stand, in any case and accents, as parts of words too: in titles, and in what was asked and
   * answered as it is read now (not in other branches). Conversations whose title has them come first, then the last
   * changed; three hits of each, of all of them; the messages of one, where `conversation` names it.
   * @throws AlcoveError `cancelled`; `busy` where what is kept cannot be read now; `engine-crashed`
   */
  async search(words: string, options: FindOptions = {}): Promise<SearchHit[]> {
    await this.#readHeads();
    const { ConversationSearch } = await import("./search.ts");
    this.#search ??= new ConversationSearch(this.#workers.search);
    const said = [...this.#heads.values()].filter(({ count }) => count > 0);
    const hits = await this.#search.find(words, options, said, (id) => {
      const { unsaved } = this.#writers.get(id) ?? {};
      return unsaved ? this.get(id).then((record) => record?.messages ?? []) : undefined;
    });
    // What was deleted meanwhile is not there.
    return hits.filter(({ conversation }) => this.#heads.has(conversation));
  }

  /**
   * A whole conversation. An answer that is under way, or that broke off, is its last message so far; its
   * `metadata.finish_reason` is "interrupted" then.
   */
  async get(id: string): Promise<TranscriptRecord | undefined> {
    const writer = this.#writers.get(id);
    const stored = await this.#run((db) => read(db, id));
    this.#lastRead = stored;
    const unsaved = writer?.unsaved ?? null;
    const head = stored?.head ?? this.#heads.get(id);
    if (!head || !(stored || unsaved)) return undefined;
    const messages = overlaid(stored?.messages ?? [], unsaved);
    const answer = [...(unsaved ? [] : (stored?.answer ?? [])), ...(writer?.unsaid ?? [])];
    const all = withAnswer(messages, answer, "interrupted");
    const branches = branchesWith(stored, unsaved);
    return { ...aboutOf(head), messages: all, ...(branches.length && { branches }) };
  }

  /** As {@link get}, without the messages: quick, however long it is. */
  async head(
    id: string,
  ): Promise<(Omit<TranscriptRecord, "messages" | "branches"> & { imported: boolean }) | undefined> {
    const stored = await this.#run((db) => readHead(db, id));
    const head = stored ?? (this.#writers.get(id)?.unsaved ? this.#heads.get(id) : undefined);
    return head && { ...aboutOf(head), imported: head.imported === true };
  }

  /** Whether a turn runs in it, in any tab. */
  busy(id: string): Promise<boolean> {
    return isAnswered(id);
  }

  /**
   * Gives it another title. A person's is for good; one of a model (`by`) is taken where no person has given one.
   * @throws AlcoveError `bad-request` for one that cannot be read; what is too long is cut
   */
  async rename(
    id: string,
    title: string,
    { by = "person" }: { by?: "person" | "model" } = {},
  ): Promise<void> {
    const name = checkedTitle(title);
    await this.#change(id, "renamed", (head) => titled(head, name, by));
  }

  /** Pins it, puts it into a folder of the list, or away; what is left out stays. */
  async place(id: string, changes: PlaceChanges): Promise<void> {
    await this.#change(id, "placed", (head) => placed(head, changes));
  }

  /**
   * Changes how it is answered; what is left out stays, and an empty `system` is the model's, or the agent's, own. It counts
   * when the conversation is opened next.
   * @throws AlcoveError `bad-request` for what is no sampling, and where there is no such conversation
   */
  async configure(id: string, changes: Configuration): Promise<void> {
    if (await this.#change(id, "configured", (head) => configured(head, changes))) return;
    throw new AlcoveError("bad-request", "There is no such conversation.");
  }

  /** Changes the head of a conversation; false where there is none. */
  async #change(
    id: string,
    what: "renamed" | "placed" | "configured",
    changed: (head: Head) => Head,
  ): Promise<boolean> {
    const known = this.#heads.get(id);
    const now = (await this.#run((db) => change(db, id, changed))) ?? (known && changed(known));
    if (!now) return false;
    this.#heads.set(id, now);
    this.#tell(id, what);
    return true;
  }

  /**
   * Deletes it in every tab, for good, and what an engine has kept of any. An answer under way is stopped.
   * @returns what brings it back, for as long as it is held: all that was said, not the files of its folder
   */
  async remove(id: string): Promise<() => Promise<void>> {
    // One that cannot be read goes all the same.
    const before = await (this.#db ? this.#run((db) => read(db, id)) : this.get(id)).catch(() => undefined);
    await forgetKeptPrompts();
    await this.#run((db) => remove(db, id));
    this.#drop(id);
    this.#tell(id, "removed");
    return () => this.#restore(before);
  }

  async #restore(before: Stored | TranscriptRecord | undefined): Promise<void> {
    if (!before) return;
    if ("head" in before) {
      const back = await this.#run((db) => restore(db, before));
      if (back) await this.#saved({ ...before.head, revision: before.head.revision + 1 });
      return;
    }
    await this.writer(before.id, async () => false).save({ ...before, from: 0 });
    await this.place(before.id, before);
  }

  /** As a file (JSON; its format is in docs/api.md): those with these ids, or all. */
  async export(ids?: readonly string[]): Promise<Blob> {
    const wanted = ids ?? (await this.list()).map(({ id }) => id);
    const { toFile } = await import("./archive.ts");
    return toFile(wanted, (id) => this.get(id));
  }

  /**
   * Adds the conversations of a file that {@link export} made, or of an export of ChatGPT (its zip too), Open WebUI or
   * LibreChat. One that is here with the same words, also where an earlier import put it beside another, is passed over;
   * one that is here with other words comes beside it. Nothing of it stays when it fails.
   * @throws AlcoveError `bad-request` for another file, `quota` where it cannot be kept, `cancelled`
   */
  async import(file: Blob, { signal }: { signal?: AbortSignal } = {}): Promise<ImportReport> {
    if (!this.#db) {
      throw new AlcoveError("unsupported", "This browser keeps no conversations.", {
        action: "Use another browser, or leave private browsing.",
      });
    }
    await this.#readHeads();
    const { importFile } = await import("./importing.ts");
    return importFile(file, await this.#workers.importing(), {
      signal,
      created: () => [...this.#heads.values()].map(({ id, created }) => ({ id, created })),
      has: (id) => this.#heads.has(id),
      get: (id) => this.get(id),
      add: async (records) => {
        for (const head of (await this.#run((db) => add(db, records))) ?? []) void this.#saved(head);
      },
      remove: async (id) => void (await this.remove(id)),
    });
  }

  /**
   * What writes a conversation that is open here: for Alcove's own sessions.
   * @param wanted called when all of it is to be saved again; false where nobody has all of it
   */
  writer(id: string, wanted: () => Promise<boolean>): ConversationWriter {
    const writer =
      this.#writers.get(id) ??
      new ConversationWriter(id, this.#db, {
        saved: (head) => {
          void this.#saved(head);
          this.#letGo();
        },
        said: () => this.#tell(id, "said"),
        trouble: (error) => this.#trouble(id, error),
        lastRead: () => this.#take(id),
      });
    writer.wanted = wanted;
    this.#writers.set(id, writer);
    return writer;
  }

  /** What changes it past the session that may be open here, to which it is another tab's change; in memory one writes. */
  async visitor(id: string): Promise<ConversationWriter> {
    if (!this.#db) return this.#writers.get(id) ?? this.writer(id, async () => false);
    const saved = (head: Head) => {
      this.#heads.set(id, head);
      this.#tell(id, "saved", false);
    };
    const [said, trouble, lastRead] = [() => undefined, () => undefined, () => undefined];
    const writer = new ConversationWriter(id, this.#db, { saved, said, trouble, lastRead });
    await writer.load();
    return writer;
  }

  /** What was last read, if it is of this conversation. Once: it may be large. */
  #take(id: string): Stored | undefined {
    const found = this.#lastRead;
    if (found?.head.id !== id) return undefined;
    this.#lastRead = undefined;
    return found;
  }

  /** A session is over; what it could not save goes on being tried. */
  release(id: string): void {
    const writer = this.#writers.get(id);
    writer?.close();
    if (writer?.waits) return;
    this.#writers.delete(id);
    this.#trouble(id, null);
  }

  async #run<T>(work: (db: Connection) => Promise<T>): Promise<T | undefined> {
    return this.#db?.run(work).catch((thrown) => {
      throw outOfReach(thrown);
    });
  }

  async #saved(head: Head): Promise<void> {
    const known = this.#heads.get(head.id);
    // One whose save waits knows only what Python told.
    const waits = known && head.revision === 0;
    const now = waits ? { ...head, ...placeOf(known), ...standing(known, head) } : head;
    this.#heads.set(head.id, known?.renamed ? { ...now, title: known.title, renamed: true } : now);
    this.#tell(head.id, "saved");
    // It was renamed while it could not be saved.
    if (known?.renamed && !head.renamed && head.revision > 0) await this.rename(head.id, known.title);
    if (this.persistent) await askToPersist();
  }

  #trouble(id: string, error: unknown): void {
    const before = this.trouble?.message;
    if (error) this.#troubles.set(id, notKept(error));
    else this.#troubles.delete(id);
    if (before !== this.trouble?.message) this.dispatchEvent(new Event("trouble"));
  }

  #readHeads(): Promise<void> {
    if (this.#read) return this.#read;
    const reading = this.#run(heads).then(
      (found) => {
        for (const head of this.#read === reading ? (found ?? []) : []) {
          if (!this.#writers.get(head.id)?.unsaved) this.#heads.set(head.id, head);
        }
      },
      (thrown) => {
        if (this.#read === reading) this.#read = null;
        throw thrown;
      },
    );
    this.#read = reading;
    return reading;
  }

  #drop(id: string): void {
    this.#writers.get(id)?.markDeleted();
    this.#writers.delete(id);
    this.#heads.delete(id);
    this.#search?.forget(id);
    this.#trouble(id, null);
    this.#letGo();
  }

  /** Everything that was kept is deleted: what is open here goes too, and nothing of it comes back. */
  #cleared(): void {
    // What is just being read is gone, or goes.
    this.#read = Promise.resolve();
    const open = [...this.#writers].flatMap(([id, writer]) => (writer.erase() ? id : []));
    for (const id of new Set([...open, ...this.#heads.keys()])) {
      this.#drop(id);
      this.#dispatch({ id, what: "removed", here: false });
    }
  }

  /** Another tab has changed something. */
  async #hear({ id, what }: { id: string; what: ConversationChange["what"] | "cleared" }): Promise<void> {
    if (what === "cleared") return this.#cleared();
    if (what === "removed") this.#drop(id);
    else if (what !== "said" && this.#db && this.#read) {
      await this.#read.catch(() => undefined);
      const head = await this.#db.run((db) => db.get("conversations", id)).catch(() => undefined);
      if (head && !this.#writers.get(id)?.unsaved) this.#heads.set(id, head);
    }
    this.#dispatch({ id, what, here: false });
  }

  #tell(id: string, what: ConversationChange["what"], here = true): void {
    this.#tabs?.postMessage({ id, what });
    this.#dispatch({ id, what, here });
  }

  #dispatch(detail: ConversationChange): void {
    if (this.#closed) return;
    const type = detail.what === "said" ? "answer" : "change";
    this.dispatchEvent(new CustomEvent<ConversationChange>(type, { detail }));
  }
}
