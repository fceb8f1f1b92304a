/**
 * Conversations, kept in IndexedDB; in memory where there is none, which is said in `persistent`. Every tab of the site
 * has the same: what one changes, all others hear.
 */

import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { withAnswer } from "./answer.ts";
import type { ImportReport } from "./archive.ts";
import { forksAfter } from "./branches.ts";
import { type Configuration, configured, standing } from "./configured.ts";
import type { Connection, Database, Head } from "./database.ts";
import { overlaid } from "./delta.ts";
import { notKept, outOfReach } from "./failures.ts";
import { askToPersist } from "./persist.ts";
import { add, changeHead, heads, read, readHead, remove, type Stored } from "./transactions.ts";
import { isAnswered } from "./turn-lock.ts";
import { ConversationWriter } from "./writer.ts";

const CHANNEL = "alcove-conversations";

/** Tells every Alcove of this site, also those of this page, that all that is kept is deleted. */
export function tellCleared(): void {
  if (typeof BroadcastChannel === "undefined") return;
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage({ what: "cleared" });
  channel.close();
}

export interface ConversationSummary {
  id: string;
  title: string;
  created: string;
  updated: string;
  /** Number of messages. */
  count: number;
}

/** What a `change` or `answer` event is about. */
export interface ConversationChange {
  id: string;
  /** Its messages were saved, it was renamed, configured or removed, or the answer under way has grown. */
  what: "saved" | "renamed" | "configured" | "removed" | "said";
  /** It happened in this tab. */
  here: boolean;
}

/**
 * Emits, of what happens here or in another tab (each a CustomEvent of {@link ConversationChange}): `change` when a
 * conversation was saved, renamed, configured or removed; `answer` when an answer under way has grown. And `trouble` when
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

  /** @param db null keeps everything in memory */
  constructor(db: Database | null) {
    super();
    this.#db = db;
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
      .map(({ id, title, created, updated, count }) => ({ id, title, created, updated, count }));
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
    const branches = stored && unsaved ? forksAfter(stored, unsaved) : ((stored ?? unsaved)?.branches ?? []);
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

  /** Gives it another title, for good. */
  async rename(id: string, title: string): Promise<void> {
    await this.#change(id, "renamed", (head) => ({ ...head, title, renamed: true }));
  }

  /** Changes the head of a conversation; false where there is none. */
  async #change(id: string, what: "renamed" | "configured", change: (head: Head) => Head): Promise<boolean> {
    const known = this.#heads.get(id);
    const changed = (await this.#run((db) => changeHead(db, id, change))) ?? (known && change(known));
    if (!changed) return false;
    this.#heads.set(id, changed);
    this.#tell(id, what);
    return true;
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

  /** Deletes it in every tab, for good, and what an engine has kept of any. An answer under way is stopped. */
  async remove(id: string): Promise<void> {
    await forgetKeptPrompts();
    await this.#run((db) => remove(db, id));
    this.#drop(id);
    this.#tell(id, "removed");
  }

  /** As a file (JSON; its format is in docs/api.md): those with these ids, or all. */
  async export(ids?: readonly string[]): Promise<Blob> {
    const wanted = ids ?? (await this.list()).map(({ id }) => id);
    const { toFile } = await import("./archive.ts");
    const records = await Promise.all(wanted.map((id) => this.get(id)));
    return toFile(records.flatMap((record) => record ?? []));
  }

  /**
   * Adds the conversations of a file that {@link export} made. One that is here with the same words, also where an
   * earlier import put it beside another, is passed over; one that is here with other words comes beside it. Nothing of
   * it is added when it fails.
   * @throws AlcoveError `bad-request` for another file, `quota` where it cannot be kept
   */
  async import(file: Blob): Promise<ImportReport> {
    const { checked, equal, fromFile } = await import("./archive.ts");
    const report: ImportReport = { added: [], skipped: [], refused: [] };
    const records = new Map<string, TranscriptRecord>();
    for (const given of await fromFile(file)) {
      const record = checked(given);
      if (typeof record === "string") {
        const { title } = (given ?? {}) as { title?: unknown };
        report.refused.push({ title: typeof title === "string" ? title : "", reason: record });
        continue;
      }
      const here = records.get(record.id) ?? (await this.get(record.id));
      const same = here && (equal(here, record) ? here : await this.#twin(record, records, equal));
      if (same) report.skipped.push(same.id);
      else {
        const id = here ? crypto.randomUUID() : record.id;
        records.set(id, { ...record, id });
        report.added.push(id);
      }
    }
    try {
      for (const head of await this.#add([...records.values()])) void this.#saved(head);
    } catch (thrown) {
      throw notKept(thrown);
    }
    return report;
  }

  /** One that an earlier import, or this one, put beside another of its id. */
  async #twin(
    record: TranscriptRecord,
    added: ReadonlyMap<string, TranscriptRecord>,
    equal: (one: TranscriptRecord, other: TranscriptRecord) => boolean,
  ): Promise<TranscriptRecord | undefined> {
    const here = [...(await this.list()), ...added.values()];
    for (const { id } of here.filter(({ created }) => created === record.created)) {
      const other = added.get(id) ?? (await this.get(id));
      if (other && equal(other, record)) return other;
    }
    return undefined;
  }

  async #add(records: TranscriptRecord[]): Promise<Head[]> {
    if (this.#db) return this.#db.run((db) => add(db, records));
    throw new AlcoveError("unsupported", "This browser keeps no conversations.", {
      action: "Use another browser, or leave private browsing.",
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
    const title = known?.renamed && { title: known.title, renamed: true as const };
    this.#heads.set(head.id, { ...head, ...title, ...(known && !this.#db && standing(known, head)) });
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

  #tell(id: string, what: ConversationChange["what"]): void {
    this.#tabs?.postMessage({ id, what });
    this.#dispatch({ id, what, here: true });
  }

  #dispatch(detail: ConversationChange): void {
    if (this.#closed) return;
    const type = detail.what === "said" ? "answer" : "change";
    this.dispatchEvent(new CustomEvent<ConversationChange>(type, { detail }));
  }
}

/** An early Alcove did not note what answered. */
const aboutOf = ({
  provider = "",
  model = "",
  system = "",
  sampling,
  tools,
  pageTools,
  plan,
  agent,
  ...head
}: Head) => ({
  ...{ id: head.id, title: head.title, created: head.created, updated: head.updated },
  ...{ provider, model, system },
  ...(sampling && { sampling }),
  ...(tools && { tools }),
  ...(pageTools && { pageTools }),
  ...(plan && { plan }),
  ...(agent && { agent }),
});

/** By their characters: to load a language's rules takes longer than to sort a thousand. Everywhere in one order. */
const newestFirst = (one: Head, other: Head): number =>
  Number(one.updated < other.updated) - Number(one.updated > other.updated) ||
  Number(one.id > other.id) - Number(one.id < other.id);
