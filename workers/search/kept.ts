/** Reads messages from the database of the conversations: apart from the page, which they would hold up. */
import { type IDBPDatabase, openDB } from "idb";
import { AlcoveError } from "../wire/errors.ts";
import type { Searched } from "./protocol.ts";

type Messages = Exclude<Searched["messages"], string>;

/**
 * Opens it for a while: one that is held would keep others from deleting it, or from making it anew.
 * @throws AlcoveError `busy` where it is not there, or is being changed by a newer Alcove
 */
export async function withKept<T>(
  database: string,
  work: (read: (id: string) => Promise<Messages>) => Promise<T>,
): Promise<T> {
  let db: IDBPDatabase | undefined;
  try {
    db = await openDB(database, undefined, {
      // It is not there: it must not be made here.
      upgrade: (_db, _from, _to, transaction) => transaction.abort(),
      blocking: () => db?.close(),
    });
    const opened = db;
    return await work((id) =>
      opened.getAll("messages", IDBKeyRange.bound([id, 0], [id, Number.POSITIVE_INFINITY])),
    );
  } catch (thrown) {
    throw new AlcoveError("busy", "What is kept cannot be searched at the moment.", {
      action: "Try again in a moment. If it happens again, reload the page.",
      detail: String(thrown),
    });
  } finally {
    db?.close();
  }
}
