/** SQLite over the origin's private file system, where a browser has one; else in memory. */
import sqlite3InitModule, { type Database, type Sqlite3Static } from "@sqlite.org/sqlite-wasm";
import { DOCUMENTS } from "../files/document-files.ts";
import { siteFile } from "../files/site-file.ts";
import { AlcoveError } from "../wire/errors.ts";

/** How long the worker of a tab that is gone, or of another build of the site, may hold the files. */
const PATIENCE_MS = 10_000;
const AGAIN_MS = 200;

export interface Opened {
  database: Database;
  /** Whether it outlives this worker. */
  persistent: boolean;
  close(): void;
}

/**
 * Opens the database, once in all tabs: its files take one reader.
 * @param wasm address of SQLite's code
 * @throws AlcoveError `download-failed`, `busy`
 */
export async function openDatabase(wasm: string): Promise<Opened> {
  const code = await siteFile(wasm, "What keeps your documents could not be loaded.");
  // The file systems that start a worker of their own are not wanted, and our policy would not let them.
  Object.assign(globalThis, {
    sqlite3ApiConfig: { disable: { vfs: { opfs: true, "opfs-vfs": true, "opfs-wl": true, kvvfs: true } } },
  });
  // Emscripten's options, of which its types know nothing.
  const init = sqlite3InitModule as (options: { wasmBinary: ArrayBuffer }) => Promise<Sqlite3Static>;
  const sqlite = await init({ wasmBinary: code });
  if (!(await keepsFiles())) {
    const database = new sqlite.oo1.DB(":memory:", "c");
    return { database, persistent: false, close: () => database.close() };
  }
  const options = {
    name: "alcove-documents",
    directory: `/${DOCUMENTS}/index`,
    // A failure is most of all another tab that has the files: nothing is to be deleted.
    preserveOnInitFailure: true,
    forceReinitIfPreviouslyFailed: true,
  };
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    try {
      const pool = await sqlite.installOpfsSAHPoolVfs(options);
      const database = new pool.OpfsSAHPoolDb("/documents.sqlite3");
      const close = () => {
        database.close();
        pool.pauseVfs();
      };
      return { database, persistent: true, close };
    } catch (thrown) {
      if (Date.now() < end) await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      else
        throw new AlcoveError("busy", "Another tab holds your documents.", {
          action: "Reload the other tabs of this site, or close them, and try again.",
          detail: String(thrown),
        });
    }
  }
}

/** Some private windows have no such file system, some browsers no synchronous writing. */
async function keepsFiles(): Promise<boolean> {
  const folder = await navigator.storage?.getDirectory?.().catch(() => undefined);
  return Boolean(folder) && "createSyncAccessHandle" in FileSystemFileHandle.prototype;
}
