/** The one IndexedDB database of Alcove. */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { TranscriptRecord } from "../../../workers/python/protocol.ts";

interface Schema extends DBSchema {
  conversations: { key: string; value: TranscriptRecord };
  settings: { key: string; value: unknown };
}

export type Database = IDBPDatabase<Schema>;

const OPEN_MS = 3_000;

/** Opens the database; null where there is none, or where it does not open in time. */
export async function openDatabase(): Promise<Database | null> {
  try {
    const opening: Promise<Database> = openDB<Schema>("alcove", 2, {
      upgrade: (db, from) => {
        if (from < 1) db.createObjectStore("conversations", { keyPath: "id" });
        if (from < 2) db.createObjectStore("settings");
      },
      // Another tab with a newer Alcove must be able to upgrade.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), OPEN_MS));
    return await Promise.race([opening, late]);
  } catch {
    return null;
  }
}
