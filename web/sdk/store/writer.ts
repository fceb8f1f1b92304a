/**
 * Writes one conversation for as long as it is open in this tab: what is new of its messages, and the answer under way
 * as it grows. What cannot be kept waits here and is tried again.
 */
import type { TranscriptMessage, TurnEvent } from "../../../workers/python/protocol.ts";
import { addTo, type BrokenOff, isSaid, withAnswer } from "./answer.ts";
import type { Database, Head } from "./database.ts";
import { type Delta, headOf, merged, mergedHere, overlaid, switchedHere } from "./delta.ts";
import { beginningLost, wasDeleted } from "./failures.ts";
import { adopt, keep, look, read, readOther, remove, type Stored, say, sayLast } from "./transactions.ts";

/** A killed tab loses what was said in this time; other tabs are behind by as much. */
const SAY_EVERY_MS = 400;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** What a writer tells of. */
interface WriterEvents {
  /** The messages were kept, or wait for it. */
  saved(head: Head): void;
  /** The answer under way has grown. */
  said(): void;
  /** What is new could not be kept (it is tried again), or could be in the end: null. Or what was kept is lost. */
  trouble(error: unknown): void;
  /** What was read of the conversation before, if it is at hand. */
  lastRead(): Stored | undefined;
}

/** How a conversation is when a turn begins: as it was left here, or changed by another tab. */
type Standing = { same: true } | { same: false; messages: TranscriptMessage[] };

export class ConversationWriter {
  readonly #id: string;
  readonly #db: Database | null;
  readonly #events: WriterEvents;
  /** Called when the database lost what came before: all of it is to be saved again. False where nobody has it. */
  wanted: () => Promise<boolean> = async () => false;
  readonly #writer = crypto.randomUUID();
  /** Of the messages as this tab knows them. */
  #revision = 0;
  /** Somebody else's messages that stand between those of Python's; then the places differ by as many. */
  #offset = 0;
  #unsaved: Delta | null = null;
  /** An answer that broke off and is no message yet: what of it is not written down, and its place. */
  #broken: { why: BrokenOff; piece: TurnEvent[]; place: number } | null = null;
  #deleted = false;
  /** What came before is gone, and nobody has it. */
  #lost = false;
  /** Said, but not written down. */
  #piece: TurnEvent[] = [];
  #pieces = 0;
  /** Counts the saves: what was said before one is a part of what it keeps. */
  #answer = 0;
  #saying: ReturnType<typeof setTimeout> | undefined;
  /** What was said waits for its turn to be written down. */
  #saysNext = false;
  #lastSaid = 0;
  #work: Promise<unknown> = Promise.resolve();
  #retry: ReturnType<typeof setTimeout> | undefined;
  #retryMs = FIRST_RETRY_MS;

  /** @param db null keeps everything here */
  constructor(id: string, db: Database | null, events: WriterEvents) {
    this.#id = id;
    this.#db = db;
    this.#events = events;
  }

  /** What is not kept yet, to be laid over what is. */
  get unsaved(): Delta | null {
    return this.#unsaved;
  }

  /** What was said since and is not written down yet. */
  get unsaid(): readonly TurnEvent[] {
    return this.#unsaved ? this.#piece : [...(this.#broken?.piece ?? []), ...this.#piece];
  }

  /** Something here is to be kept yet. */
  get waits(): boolean {
    return this.#unsaved !== null || this.#broken !== null;
  }

  /** All of it is kept, where Python has it: what is there is as this tab left it, unless another one changed it. */
  get settled(): boolean {
    return !this.waits && !this.#deleted && !this.#lost && this.#offset === 0;
  }

  /** Whether what stands here can be set aside now: what is not kept yet is nowhere to be taken from. */
  get branchable(): boolean {
    return !this.#db || !this.waits;
  }

  get deleted(): boolean {
    return this.#deleted;
  }

  /** Somebody deleted the conversation: nothing of it is written any more. */
  markDeleted(): void {
    this.#deleted = true;
    this.#unsaved = null;
    this.#broken = null;
    this.#clearAnswer();
    this.close();
  }

  /**
   * As {@link markDeleted}, where everything was deleted at once: what was on its way, and came after, is deleted again.
   * @returns false, and does nothing, where there is nothing of a conversation yet
   */
  erase(): boolean {
    if (!this.#revision && !this.waits) return false;
    this.markDeleted();
    void this.#queued(async () => {
      if ((await this.#db?.run((db) => look(db, this.#id)))?.head)
        await this.#db?.run((db) => remove(db, this.#id));
    }).catch(() => undefined);
    return true;
  }

  /** The messages that a session begins with, without an answer that is under way somewhere; undefined for none. */
  async load(): Promise<{ messages: TranscriptMessage[]; created: string } | undefined> {
    if (this.#unsaved?.from === 0) {
      // Without what else it says: another model may be wanted now.
      const { messages, created } = this.#unsaved;
      return { messages, created };
    }
    const known = this.#events.lastRead();
    const stored = await this.#db?.run((db) => read(db, this.#id, known));
    if (!stored) return this.#rest();
    this.#revision = stored.head.revision;
    this.#offset = 0;
    this.#lost = false;
    return { messages: overlaid(stored.messages, this.#unsaved), created: stored.head.created };
  }

  /** What is left of a conversation that is not kept any more, as a session begins that has nothing of it. */
  async #rest(): Promise<{ messages: TranscriptMessage[]; created: string } | undefined> {
    if (!this.#revision && !this.#unsaved) return undefined;
    // Then the turn does not begin.
    if ((await this.#db?.run((db) => look(db, this.#id)))?.deleted) return undefined;
    this.#revision = 0;
    this.#offset = 0;
    this.#lose(0);
    if (!this.#unsaved) return undefined;
    const { messages, created } = this.#unsaved;
    return { messages, created };
  }

  /** Nobody has what stood from place `count` on: what is new takes that place. */
  #lose(count: number): void {
    this.#lost = true;
    if (this.#unsaved) this.#unsaved = { ...this.#unsaved, from: Math.min(count, this.#unsaved.from) };
    this.#events.trouble(beginningLost());
  }

  /**
   * How the conversation stands as a turn of this tab begins, with the turn's lock held. What an earlier turn left of a
   * broken answer has become a part of it then.
   * @throws AlcoveError `bad-request` when it was deleted
   */
  async begin(): Promise<Standing> {
    const found = await this.#queued(() => this.#look()).catch(() => null);
    if (this.#deleted || found?.deleted) throw wasDeleted();
    // What could not be read, or is only here, is as Python has it.
    if (!found || this.#unsaved) return { same: true };
    if (!found.head) {
      if (this.#revision > 0) void this.wanted().catch(() => undefined);
      return { same: true };
    }
    // What somebody else put between is no part of what Python has.
    if (found.head.revision === this.#revision && this.#offset === 0) return { same: true };
    const loaded = await this.load();
    return loaded ? { same: false, messages: loaded.messages } : { same: true };
  }

  async #look(): Promise<Awaited<ReturnType<typeof look>> | null> {
    if (!this.#db) return null;
    if (this.#broken) await this.#flush();
    const found = await this.#db.run((db) => look(db, this.#id));
    if (!found.broken) return found;
    await this.#db.run((db) => adopt(db, this.#id, "interrupted", this.#writer));
    return this.#db.run((db) => look(db, this.#id));
  }

  /**
   * Keeps messages. What fails is tried again until it succeeds.
   * @throws what the first try failed with; AlcoveError `bad-request` when the conversation was deleted
   */
  async save(delta: Delta): Promise<void> {
    if (this.#deleted) throw wasDeleted();
    this.#unsaved = this.#db ? merged(this.#unsaved, delta) : mergedHere(this.#unsaved, delta);
    this.#clearAnswer();
    if (!this.#db) {
      this.#events.saved(headOf(this.#unsaved));
      return;
    }
    await this.#queued(() => this.#flush());
  }

  /**
   * Reads branch `to` from place `at` on; with the turn's lock held.
   * @returns the messages as they are then; undefined where there is no such branch
   */
  async switchTo(at: number, to: number): Promise<TranscriptMessage[] | undefined> {
    if (this.#db) {
      const other = { at, to, writer: this.#writer };
      const found = await this.#queued(async () => this.#db?.run((db) => readOther(db, this.#id, other)));
      if (!found) return undefined;
      this.#revision = found.head.revision;
      this.#offset = 0;
      this.#events.saved(found.head);
      return found.messages;
    }
    const here = switchedHere(this.#unsaved, at, to);
    if (!here) return undefined;
    this.#unsaved = here;
    this.#events.saved(headOf(here));
    return here.messages;
  }

  /** Keeps what waits. */
  async #flush(): Promise<void> {
    const delta = this.#unsaved;
    if (!this.#db || !this.waits) return;
    clearTimeout(this.#retry);
    try {
      await this.#keepBroken(this.#db);
      if (delta && !(await this.#keep(this.#db, delta))) return;
      this.#retryMs = FIRST_RETRY_MS;
      this.#events.trouble(this.#lost ? beginningLost() : null);
    } catch (thrown) {
      if (!this.#deleted) this.#tryAgain(thrown);
      throw thrown;
    }
  }

  /** @returns false where all of it is to be saved again, which was asked for */
  async #keep(db: Database, delta: Delta): Promise<boolean> {
    const shifted = { ...delta, from: delta.from && delta.from + this.#offset };
    const about = { revision: this.#revision, writer: this.#writer };
    const kept = await db.run((connection) => keep(connection, shifted, about));
    if (kept.outcome === "deleted") {
      this.markDeleted();
      throw wasDeleted();
    }
    if (kept.outcome === "missing") {
      this.#offset = 0;
      void this.#wantAll(kept.count);
      return false;
    }
    if (this.#deleted) throw wasDeleted();
    this.#revision = kept.head.revision;
    this.#offset += kept.from - shifted.from;
    if (this.#unsaved === delta) this.#unsaved = null;
    // What came meanwhile has it too, and it is done.
    else if (this.#unsaved) this.#unsaved = { ...this.#unsaved, aside: undefined };
    this.#events.saved(kept.head);
    return true;
  }

  /** Has all of it saved again; where nobody has all, what is new is kept without what came before. */
  async #wantAll(count: number): Promise<void> {
    try {
      if (await this.wanted()) return;
      if (!this.#unsaved) return;
      this.#lose(count);
      await this.#queued(() => this.#flush()).catch(() => undefined);
    } catch (thrown) {
      // Not in words of whoever has it: it is a save that failed.
      if (this.#unsaved) this.#tryAgain(`${thrown}`);
    }
  }

  /** Makes an answer that broke off a message. */
  async #keepBroken(db: Database): Promise<void> {
    const broken = this.#broken;
    if (!broken) return;
    const { why, piece, place } = broken;
    if (piece.length) await db.run((connection) => say(connection, this.#id, place, piece));
    // Once: a page that is left as it becomes a message would write it beside that.
    broken.piece = [];
    const adopted = await db.run((connection) => adopt(connection, this.#id, why, this.#writer));
    if (this.#broken === broken) this.#broken = null;
    if (!adopted || this.#deleted) return;
    // Python does not know of it: what it says next comes after it.
    this.#offset += adopted.grown;
    this.#events.saved(adopted.head);
  }

  #tryAgain(thrown: unknown): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => void this.#queued(() => this.#flush()).catch(() => undefined),
      this.#retryMs,
    );
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
    if (this.#unsaved) this.#events.saved(headOf(this.#unsaved));
    this.#events.trouble(thrown);
  }

  /** Notes an event of the answer under way. */
  say(event: TurnEvent): void {
    if (this.#deleted || !isSaid(event)) return;
    addTo(this.#piece, event);
    // Where pieces come, they bring the time with them: timers of a hidden tab may rest for a minute.
    const wait = this.#lastSaid + SAY_EVERY_MS - performance.now();
    if (wait <= 0) this.#sayNow();
    else this.#saying ??= setTimeout(() => this.#sayNow(), wait);
  }

  /** Writes down what was said, as the page is left. */
  leave(): void {
    if (this.#deleted) return;
    if (this.#broken?.piece.length) {
      const { place, piece } = this.#broken;
      this.#db?.runNow((db) => sayLast(db, this.#id, place, piece));
    }
    if (!this.#piece.length || this.waits) return;
    const piece = this.#takePiece();
    this.#db?.runNow((db) => sayLast(db, this.#id, this.#pieces++, piece));
  }

  /**
   * The answer broke off and nobody will finish it: what was said of it becomes a message. What fails is tried again.
   * @throws what the first try failed with
   */
  async breakOff(why: BrokenOff): Promise<void> {
    // What was on its way to the database is there then, or is back.
    await this.#queued(async () => undefined);
    const piece = this.#takePiece();
    const delta = this.#unsaved;
    if (delta) return this.save({ ...delta, messages: withAnswer(delta.messages, piece, why) });
    if (!this.#db || this.#deleted) return;
    const waiting = this.#broken?.piece.length ? this.#broken : { piece: [], place: this.#pieces++ };
    this.#broken = { why, piece: [...waiting.piece, ...piece], place: waiting.place };
    await this.#queued(() => this.#flush());
    this.#pieces = 0;
  }

  /** Stops what would still be said; what is unsaved goes on being tried. */
  close(): void {
    clearTimeout(this.#saying);
    this.#saying = undefined;
    if (this.#deleted) clearTimeout(this.#retry);
  }

  /** One piece waits at a time: where the database is slow it grows. */
  #sayNow(): void {
    clearTimeout(this.#saying);
    this.#saying = undefined;
    if (!this.#piece.length || this.#saysNext) return;
    this.#saysNext = true;
    const answer = this.#answer;
    void this.#queued(async () => {
      this.#saysNext = false;
      // What it follows must be there before.
      if (answer !== this.#answer || this.waits) return;
      const piece = this.#takePiece();
      // It was written as the page was left.
      if (!piece.length) return;
      try {
        const place = this.#pieces++;
        if (await this.#db?.run((db) => say(db, this.#id, place, piece))) this.#events.said();
      } catch {
        if (answer === this.#answer) this.#piece = [...piece, ...this.#piece];
      }
    });
  }

  #takePiece(): TurnEvent[] {
    clearTimeout(this.#saying);
    this.#saying = undefined;
    this.#lastSaid = performance.now();
    const piece = this.#piece;
    this.#piece = [];
    return piece;
  }

  #clearAnswer(): void {
    this.#takePiece();
    this.#pieces = 0;
    this.#answer += 1;
  }

  /** One after the other, in the order in which they came. */
  #queued<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work, work);
    this.#work = done.catch(() => undefined);
    return done;
  }
}
