/**
 * The one IndexedDB database of Alcove, and the hold on it: a connection may be closed under an open page (by a newer
 * Alcove, by whoever deletes the database, by the browser), and is opened again with the next use.
 */
import { type DBSchema, type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import type {
  Fork,
  TranscriptMessage,
  TranscriptRecord,
  TurnEvent,
} from "../../../workers/python/protocol.ts";
import { AwakeTimer } from "../../../workers/wire/awake.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** A conversation without its messages: what a list of many needs. */
export interface Head extends Omit<TranscriptRecord, "messages" | "branches"> {
  /** How many messages it has. */
  count: number;
  /** Counts the changes of its messages, so that a tab knows whether it has them as they are. */
  revision: number;
  /** Who changed them last. */
  writer?: string;
  /** It came from a file: its plan is somebody else's. */
  imported?: true;
  /** The title is a person's. */
  renamed?: true;
  /** The title is a model's. */
  titled?: true;
}

interface Schema extends DBSchema {
  conversations: { key: string; value: Head };
  /** By conversation and place. */
  messages: { key: [string, number]; value: TranscriptMessage };
  /** What was said of the answer under way since the messages were kept, piece by piece. */
  answers: { key: [string, number]; value: TurnEvent[] };
  /** By conversation. */
  branches: { key: string; value: Fork[] };
  /** Ids of conversations that were deleted: no tab may bring one back. */
  deleted: { key: string; value: true };
  settings: { key: string; value: unknown };
}

export type Connection = IDBPDatabase<Schema>;

export const DATABASE_NAME = "alcove";
const VERSION = 4;
const MOST_OPEN_MS = 30_000;
/** A transaction may wait for one of a tab that stands still, or for a disk that does not answer. */
const MOST_WORK_MS = 15_000;
const STORES = ["conversations", "messages", "answers", "branches", "deleted", "settings"] as const;

/** What a request fails with when its connection is gone; Safari says UnknownError. */
const GONE = new Set(["InvalidStateError", "AbortError", "UnknownError", "TransactionInactiveError"]);

export class Database {
  #connection: Promise<Connection> | null = null;
  /** The same, once it is open. */
  #opened: Connection | null = null;

  /** @returns null where the browser has none */
  static find(): Database | null {
    try {
      return globalThis.indexedDB ? new Database() : null;
    } catch {
      return null; // Some browsers refuse even to be asked.
    }
  }

  /** Resolves when it can be used, however long that takes. @throws what it cannot be opened with */
  async open(): Promise<void> {
    await this.#connect();
  }

  /**
   * Does `work`, on a new connection when the one that there was turns out to be closed. It may begin anew, so it should
   * be one transaction. One that does not end in time is undone, and the next use has a new connection.
   * @throws what `work` throws, or what the database cannot be opened with; AlcoveError `timeout` when it does not open,
   *   or the work does not end
   */
  async run<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    const connection = this.#connect();
    try {
      return await this.#work(connection, work);
    } catch (thrown) {
      if (!(thrown instanceof DOMException) || !GONE.has(thrown.name)) throw thrown;
      this.#forget(connection);
      return await this.#work(this.#connect(), work);
    }
  }

  async #work<T>(connection: Promise<Connection>, work: (db: Connection) => Promise<T>): Promise<T> {
    // An upgrade may wait for other tabs to let go. It goes on opening: a later use finds it open.
    const { db, undo } = undoable(this.#opened ?? (await inTime(connection, MOST_OPEN_MS, "open")));
    return inTime(work(db), MOST_WORK_MS, "read or change", () => {
      undo();
      this.#forget(connection);
    });
  }

  /** Lets go of it; the next use opens it again. */
  close(): void {
    if (this.#connection) this.#forget(this.#connection);
  }

  /** Begins `work` at once, where the database is open: for a page that is being left. */
  runNow(work: (db: Connection) => void): void {
    try {
      if (this.#opened) work(this.#opened);
    } catch {
      // It was closed; there is no time for another try.
    }
  }

  #connect(): Promise<Connection> {
    if (this.#connection) return this.#connection;
    const connection = openCurrent(() => this.#forget(connection));
    this.#connection = connection;
    connection.then(
      (db) => {
        if (this.#connection === connection) this.#opened = db;
      },
      () => this.#forget(connection),
    );
    return connection;
  }

  #forget(connection: Promise<Connection>): void {
    if (this.#connection === connection) this.#connection = this.#opened = null;
    connection.then(
      (db) => db.close(),
      () => undefined,
    );
  }
}

/** A slow one is waited for when something is asked of it; null for none, or for one that cannot be opened. */
export async function usable(db: Database | null): Promise<Database | null> {
  const opening = db?.open().then(
    () => db,
    () => null,
  );
  const late = new Promise<Database | null>((resolve) => setTimeout(() => resolve(db), 1_000));
  return (await Promise.race([opening, late])) ?? null;
}

/** @throws AlcoveError `timeout` after `ms` in which this page ran */
function inTime<T>(
  work: Promise<T>,
  ms: number,
  what: string,
  onLate: () => void = () => undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = new AwakeTimer(() => {
      const message = `The browser takes too long to ${what} what Alcove keeps here.`;
      reject(new AlcoveError("timeout", message, { action: "Close other tabs of Alcove, then try again." }));
      onLate();
    });
    timer.start(ms);
    void work.then(resolve, reject).finally(() => timer.stop());
  });
}

/** `connection`, and what undoes whatever was begun on it and has not ended. */
function undoable(connection: Connection): { db: Connection; undo: () => void } {
  const begun: { done: Promise<void>; abort(): void }[] = [];
  const begin = (...how: Parameters<Connection["transaction"]>) => {
    const transaction = connection.transaction(...how);
    begun.push(transaction);
    return transaction;
  };
  const undo = () => {
    for (const transaction of begun) {
      transaction.done.catch(() => undefined);
      try {
        transaction.abort();
      } catch {
        // It has ended.
      }
    }
  };
  const db = new Proxy(connection, {
    get: (of, name: keyof Connection) => (name === "transaction" ? begin : of[name]),
  });
  return { db, undo };
}

/** @param onClosed called when the connection must not be used any more */
async function openCurrent(onClosed: () => void): Promise<Connection> {
  const callbacks = {
    // Another tab with a newer Alcove must be able to upgrade, and whoever deletes the database to do so.
    blocking: (_current: number, _blocked: number | null, event: IDBVersionChangeEvent) => {
      (event.target as IDBDatabase).close();
      onClosed();
    },
    terminated: onClosed,
  };
  try {
    return await openDB<Schema>(DATABASE_NAME, VERSION, { ...callbacks, upgrade });
  } catch (thrown) {
    if (!(thrown instanceof DOMException) || thrown.name !== "VersionError") throw thrown;
  }
  // A newer one may only have added to it: a store whose layout changes gets another name.
  const newer = await openDB<Schema>(DATABASE_NAME, undefined, callbacks);
  if (STORES.every((store) => newer.objectStoreNames.contains(store))) return newer;
  newer.close();
  throw new AlcoveError("unsupported", "A newer Alcove has changed how conversations are kept here.", {
    action: "Reload the page.",
  });
}

type Upgrade = IDBPTransaction<Schema, (typeof STORES)[number][], "versionchange">;

/** One transaction: where it breaks off, nothing of it was done. */
function upgrade(db: Connection, from: number, _to: number | null, transaction: Upgrade): void {
  if (from < 1) db.createObjectStore("conversations", { keyPath: "id" });
  if (from < 2) db.createObjectStore("settings");
  if (from < 3) {
    db.createObjectStore("messages");
    db.createObjectStore("answers");
    db.createObjectStore("deleted");
  }
  if (from < 4) db.createObjectStore("branches");
  transaction.done.catch(() => undefined);
  if (from === 1 || from === 2) splitRecords(transaction).catch(() => transaction.abort());
}

/** Until version 2 a conversation lay there whole. */
async function splitRecords(transaction: Upgrade): Promise<void> {
  const messages = transaction.objectStore("messages");
  let cursor = await transaction.objectStore("conversations").openCursor();
  while (cursor) {
    const { messages: said, ...about } = cursor.value as unknown as TranscriptRecord;
    // A request that fails ends the transaction, which is what is told.
    for (const [index, message] of said.entries())
      messages.put(message, [about.id, index]).catch(() => undefined);
    // Nobody knows any more whose title it is.
    cursor.update({ ...about, count: said.length, revision: 1, renamed: true }).catch(() => undefined);
    cursor = await cursor.continue();
  }
}
