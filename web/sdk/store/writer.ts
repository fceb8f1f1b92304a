/**
 * Writes one conversation for as long as it is open in this tab: what is new of its messages, and the answer under way
 * as it grows. What cannot be kept waits here and is tried again.
 */
import type { TranscriptDelta, TranscriptMessage, TurnEvent } from "../../../workers/python/protocol.ts";
import { addTo, type BrokenOff, isSaid, withAnswer } from "./answer.ts";
import type { Database, Head } from "./database.ts";
import { wasDeleted } from "./failures.ts";
import { adopt, keep, look, read, say, sayLast } from "./transactions.ts";

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
  /** What is new could not be kept (it is tried again), or could be in the end: null. */
  trouble(error: unknown): void;
}

/** How a conversation is when a turn begins: as it was left here, or changed by another tab. */
type Standing = { same: true } | { same: false; messages: TranscriptMessage[] };

export class ConversationWriter {
  readonly #id: string;
  readonly #db: Database | null;
  readonly #events: WriterEvents;
  /** Called when the database lost what came before: all of it is to be saved again. */
  wanted: () => void = () => undefined;
  readonly #writer = crypto.randomUUID();
  /** Of the messages as this tab knows them. */
  #revision = 0;
  /** Somebody else's messages that stand between those of Python's; then the places differ by as many. */
  #offset = 0;
  #unsaved: TranscriptDelta | null = null;
  #deleted = false;
  /** Said, but not written down. */
  #piece: TurnEvent[] = [];
  #pieces = 0;
  /** Counts the saves: what was said before one is a part of what it keeps. */
  #answer = 0;
  #saying: ReturnType<typeof setTimeout> | undefined;
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
  get unsaved(): TranscriptDelta | null {
    return this.#unsaved;
  }

  /** What was said since and is not written down yet. */
  get unsaid(): readonly TurnEvent[] {
    return this.#piece;
  }

  get deleted(): boolean {
    return this.#deleted;
  }

  /** Somebody deleted the conversation: nothing of it is written any more. */
  markDeleted(): void {
    this.#deleted = true;
    this.#unsaved = null;
    this.#clearAnswer();
    this.close();
  }

  /** The messages that a session begins with, without an answer that is under way somewhere; undefined for none. */
  async load(): Promise<{ messages: TranscriptMessage[]; created: string } | undefined> {
    if (this.#unsaved?.from === 0) {
      // Without what else it says: another model may be wanted now.
      const { messages, created } = this.#unsaved;
      return { messages, created };
    }
    const stored = await this.#db?.run((db) => read(db, this.#id));
    if (!stored) return undefined;
    this.#revision = stored.head.revision;
    this.#offset = 0;
    return { messages: overlaid(stored.messages, this.#unsaved), created: stored.head.created };
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
      if (this.#revision > 0) this.wanted();
      return { same: true };
    }
    // What somebody else put between is no part of what Python has.
    if (found.head.revision === this.#revision && this.#offset === 0) return { same: true };
    const loaded = await this.load();
    return loaded ? { same: false, messages: loaded.messages } : { same: true };
  }

  async #look(): Promise<Awaited<ReturnType<typeof look>> | null> {
    if (!this.#db) return null;
    const found = await this.#db.run((db) => look(db, this.#id));
    if (!found.broken) return found;
    await this.#db.run((db) => adopt(db, this.#id, "interrupted", this.#writer));
    return this.#db.run((db) => look(db, this.#id));
  }

  /**
   * Keeps messages. What fails is tried again until it succeeds.
   * @throws what the first try failed with; AlcoveError `bad-request` when the conversation was deleted
   */
  async save(delta: TranscriptDelta): Promise<void> {
    if (this.#deleted) throw wasDeleted();
    this.#unsaved = merged(this.#unsaved, delta);
    this.#clearAnswer();
    if (!this.#db) {
      this.#events.saved(headOf(this.#unsaved));
      return;
    }
    await this.#queued(() => this.#flush());
  }

  async #flush(): Promise<void> {
    const delta = this.#unsaved;
    if (!delta || !this.#db) return;
    clearTimeout(this.#retry);
    try {
      const shifted = { ...delta, from: delta.from && delta.from + this.#offset };
      const about = { revision: this.#revision, writer: this.#writer };
      const kept = await this.#db.run((db) => keep(db, shifted, about));
      if (kept.outcome === "deleted") {
        this.markDeleted();
        throw wasDeleted();
      }
      if (kept.outcome !== "kept") {
        this.#offset = 0;
        this.wanted();
        return;
      }
      this.#revision = kept.head.revision;
      this.#offset += kept.from - shifted.from;
      if (this.#unsaved === delta) this.#unsaved = null;
      this.#retryMs = FIRST_RETRY_MS;
      this.#events.trouble(null);
      this.#events.saved(kept.head);
    } catch (thrown) {
      if (!this.#deleted) {
        this.#retry = setTimeout(
          () => void this.#queued(() => this.#flush()).catch(() => undefined),
          this.#retryMs,
        );
        this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
        this.#events.saved(headOf(delta));
        this.#events.trouble(thrown);
      }
      throw thrown;
    }
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
    if (!this.#piece.length || this.#unsaved || this.#deleted) return;
    const piece = this.#takePiece();
    this.#db?.runNow((db) => sayLast(db, this.#id, this.#pieces++, piece));
  }

  /** The answer broke off and nobody will finish it: what was said of it becomes a message. */
  async breakOff(why: BrokenOff): Promise<void> {
    // What was on its way to the database is there then, or is back.
    await this.#queued(async () => undefined);
    const piece = this.#takePiece();
    const delta = this.#unsaved;
    if (delta) return this.save({ ...delta, messages: withAnswer(delta.messages, piece, why) });
    await this.#queued(async () => {
      if (piece.length) await this.#db?.run((db) => say(db, this.#id, this.#pieces++, piece));
      await this.#db?.run((db) => adopt(db, this.#id, why, this.#writer));
      const found = await this.#db?.run((db) => look(db, this.#id));
      if (found?.head) this.#events.saved(found.head);
    });
    this.#pieces = 0;
  }

  /** Stops what would still be said; what is unsaved goes on being tried. */
  close(): void {
    clearTimeout(this.#saying);
    this.#saying = undefined;
    if (this.#deleted) clearTimeout(this.#retry);
  }

  #sayNow(): void {
    const piece = this.#takePiece();
    if (!piece.length) return;
    const place = this.#pieces++;
    const answer = this.#answer;
    void this.#queued(async () => {
      if (answer !== this.#answer) return;
      // What it follows must be there before.
      if (this.#unsaved) this.#piece = [...piece, ...this.#piece];
      else if (await this.#db?.run((db) => say(db, this.#id, place, piece))) this.#events.said();
    }).catch(() => undefined);
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

/** `messages` with what is not kept yet. */
export function overlaid(
  messages: readonly TranscriptMessage[],
  unsaved: TranscriptDelta | null,
): TranscriptMessage[] {
  return unsaved ? [...messages.slice(0, unsaved.from), ...unsaved.messages] : [...messages];
}

/** Two deltas as one. */
function merged(earlier: TranscriptDelta | null, later: TranscriptDelta): TranscriptDelta {
  if (!earlier || later.from <= earlier.from) return later;
  const messages = [...earlier.messages.slice(0, later.from - earlier.from), ...later.messages];
  return { ...later, from: earlier.from, messages };
}

/** As the list shows a conversation whose save waits. */
function headOf({ messages, from, ...about }: TranscriptDelta): Head {
  return { ...about, count: from + messages.length, revision: 0 };
}
