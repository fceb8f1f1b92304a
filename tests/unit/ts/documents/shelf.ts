/** A store in memory, as the worker has one. */
import sqlite3InitModule from "@sqlite.org/sqlite-wasm";
import { Search } from "../../../../workers/documents/search.ts";
import { Store } from "../../../../workers/documents/store.ts";

const sqlite = await sqlite3InitModule();

export function shelf() {
  const database = new sqlite.oo1.DB(":memory:", "c");
  const store = new Store(database);
  const search = new Search(database, store);
  /** Reads a text, whole, and returns the document's id. */
  const add = (name: string, text: string, hash = `${name} ${text}`, collection?: string): string => {
    const about = { name, type: "text" as const, bytes: text.length, hash };
    const { id, unread } = store.begin({ ...about, ...(collection === undefined ? {} : { collection }) });
    if (unread) {
      store.put(unread.key, [{ page: 1, text }]);
      store.finish(unread.key, 1, []);
    }
    return id;
  };
  const find = (query: string, more = {}) => search.run({ query, top: 8, ...more });
  return { database, store, search, add, find };
}
