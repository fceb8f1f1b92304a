/** Keeps documents, for all tabs of the site: one at a time runs it. */
import { DOCUMENTS_CHANNEL, type DocumentNews } from "../files/document-files.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { serveWorker } from "../wire/link.ts";
import type { DocumentsProtocol } from "./protocol.ts";
import { Search } from "./search.ts";
import { type Opened, openDatabase } from "./sqlite.ts";
import { Store } from "./store.ts";
import { typeOf } from "./type-of.ts";
import { WaitingFiles } from "./waiting-files.ts";

interface Library extends Opened {
  store: Store;
  search: Search;
  files: WaitingFiles;
}

let address = "";
let library: Promise<Library> | undefined;
/** What is copied has no name yet. */
const copying = new Set<string>();

async function opened(wasm: string): Promise<Library> {
  const open = await openDatabase(wasm);
  try {
    const store = new Store(open.database);
    const files = new WaitingFiles(open.persistent);
    const found = { ...open, store, search: new Search(open.database, store), files };
    await swept(found);
    return found;
  } catch (thrown) {
    open.close(); // it would keep its files from whoever tries again, and from being deleted
    throw thrown;
  }
}

async function use<T>(work: (library: Library) => T | Promise<T>): Promise<T> {
  try {
    library ??= opened(address);
    library.catch(() => {
      library = undefined;
    });
    return await work(await library);
  } catch (thrown) {
    throw explained(thrown);
  }
}

/** What SQLite says of a disk, in our words. */
function explained(thrown: unknown): AlcoveError {
  const detail = String(thrown);
  if (/SQLITE_FULL|SQLITE_IOERR|QuotaExceeded/.test(detail))
    return new AlcoveError("quota", "The browser has no room left for your documents.", { detail });
  if (/SQLITE_CORRUPT|SQLITE_NOTADB/.test(detail))
    return new AlcoveError("integrity", "What was kept of your documents is damaged.", {
      action: "Delete the documents in the Storage tab, and add them again.",
      detail,
    });
  return toAlcoveError(thrown);
}

/** Drops files whose versions are gone. */
const swept = async ({ store, files, search }: Library): Promise<void> => {
  search.forget();
  // Asked of each when its turn comes: another may be added meanwhile.
  await files.sweep((name) => copying.has(name) || store.unread().some(({ key }) => String(key) === name));
};

serveWorker<DocumentsProtocol>({
  open: ({ wasm }) => {
    address = wasm;
    return use(({ persistent }) => ({ persistent }));
  },
  begin: ({ file, ...about }, { emit, signal }) =>
    use(async (open) => {
      const type = await typeOf(file, about.name);
      const name = crypto.randomUUID();
      copying.add(name);
      try {
        const hash = await open.files.keep(name, file, emit, signal);
        const begun = open.store.begin({ ...about, type, bytes: file.size, hash });
        if (begun.outcome !== "already" && begun.unread)
          await open.files.rename(name, String(begun.unread.key));
        return begun;
      } finally {
        copying.delete(name);
        await swept(open);
      }
    }),
  unread: () => use(({ store }) => store.unread()),
  take: ({ key }) =>
    use(async ({ store, files }) => {
      if (!store.take(key)) return null;
      const file = await files.find(String(key));
      if (file) return { file, known: store.known(key) };
      const lost = new AlcoveError("bad-request", "The file is gone.", { action: "Add it again." });
      store.fail(key, lost.toData(), true);
      return null;
    }),
  put: ({ key, sections }) => use(({ store }) => store.put(key, sections)),
  finish: ({ key, pages, notes }) =>
    use(async (open) => {
      open.store.finish(key, pages, notes);
      await swept(open);
    }),
  fail: ({ key, problem, keep }) =>
    use(async (open) => {
      open.store.fail(key, problem, keep);
      await swept(open);
    }),
  list: () => use(({ store }) => store.list()),
  text: ({ id }) => use(({ store }) => store.open(id)),
  remove: ({ id }) =>
    use(async (open) => {
      open.store.remove(id);
      await swept(open);
    }),
  collect: ({ id, collections }) => use(({ store }) => store.collect(id, collections)),
  passages: ({ model, most }) => use(({ search }) => search.passages(model, most)),
  vectors: ({ model, vectors }) => use(({ search }) => search.keep(model, vectors)),
  search: (args) => use(({ search }) => search.run(args)),
});

// Everything on the disk is about to be deleted, and waits for whoever has it open.
new BroadcastChannel(DOCUMENTS_CHANNEL).onmessage = async ({ data }: MessageEvent<DocumentNews>) => {
  if (data !== "cleared") return;
  const open = await library?.catch(() => undefined);
  library = undefined;
  open?.close();
};
