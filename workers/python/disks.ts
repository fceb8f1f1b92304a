/** What of Python's file system lies on the disk: its home, and the folders that a person gave to conversations. */
import { DISK_LOCK, HOME } from "../files/home-files.ts";
import { openDirectory } from "../files/opfs.ts";
import { AlcoveError } from "../wire/errors.ts";
import type { EmscriptenFS } from "./disk/file-system.ts";
import { failureOf, MountedDisk } from "./disk/mounted.ts";

const FOLDERS = "/mnt";
const TITLE = "Python's home folder";

interface Given {
  handle: FileSystemDirectoryHandle;
  disk: MountedDisk;
  /** How many conversations have it. */
  users: number;
}

export class Disks {
  readonly #hear: (trouble: AlcoveError | null) => void;
  /** By path. */
  readonly #troubles = new Map<string, AlcoveError>();
  #home: Promise<MountedDisk | null>;
  #looked: Promise<void>;
  #FS: EmscriptenFS | undefined;
  readonly #folders: Given[] = [];
  #giving: Promise<unknown> = Promise.resolve();

  /** Looks at the home, while Python starts. @param hear what is not kept at the moment, and null when all is */
  constructor(hear: (trouble: AlcoveError | null) => void) {
    this.#hear = hear;
    this.#home = this.#openHome();
    this.#looked = this.#home
      .then((home) => home?.look())
      .catch((thrown) => this.#tell(HOME, thrown as AlcoveError));
  }

  #tell(path: string, trouble: AlcoveError | null): void {
    if (trouble) this.#troubles.set(path, trouble);
    else this.#troubles.delete(path);
    this.#hear([...this.#troubles.values()].at(-1) ?? null);
  }

  async #openHome(): Promise<MountedDisk | null> {
    if (!(await keepsFiles())) {
      this.#tell(HOME, nowhere());
      return null;
    }
    if (!(await openDirectory("home"))) {
      this.#tell(HOME, failureOf("It is no folder.", TITLE));
      return null;
    }
    const open = async () => {
      const folder = await openDirectory("home");
      if (!folder) throw new DOMException("The home cannot be opened.", "InvalidStateError");
      return folder;
    };
    return new MountedDisk({
      ...{ path: HOME, open, readOnly: false, lock: DISK_LOCK, title: TITLE, shared: true },
      tell: (trouble) => this.#tell(HOME, trouble),
    });
  }

  /** The home takes its place; where none can be had, Python's own, in memory, stays. */
  async mount(FS: EmscriptenFS): Promise<void> {
    this.#FS = FS;
    (await this.#home)?.mount(FS);
  }

  /** Resolves when all that lies in the home is known; at once mostly, for it was looked at while Python started. */
  get ready(): Promise<void> {
    return this.#looked;
  }

  /** Before something reads: looks at the folders, in which others may have written. What cannot be read is told. */
  async look(): Promise<void> {
    await this.#looked;
    for (const { disk } of this.#folders) await disk.look().catch(() => undefined);
  }

  /** After something wrote: resolves when it lies on the disk. @throws AlcoveError */
  async keep(): Promise<void> {
    const disks = [await this.#home, ...this.#folders.map(({ disk }) => disk)];
    // One that cannot be kept keeps no other from it.
    const kept = await Promise.allSettled(disks.map((disk) => disk?.keep()));
    for (const each of kept) if (each.status === "rejected") throw each.reason;
  }

  /**
   * Puts a folder of the person's where Python finds it, or a folder of the home, by its name.
   * @returns its path
   * @throws AlcoveError `bad-request` when it is gone, or may not be read
   */
  async give(folder: FileSystemDirectoryHandle | string): Promise<string> {
    if (typeof folder === "string") return this.#inHome(folder);
    return this.#inTurn(() => this.#give(folder));
  }

  /** Folders are given and taken back one after the other: two may want the same. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#giving.then(work);
    this.#giving = done.catch(() => undefined);
    return done;
  }

  async #give(folder: FileSystemDirectoryHandle): Promise<string> {
    for (const given of this.#folders) {
      if (!(await given.handle.isSameEntry(folder))) continue;
      await given.disk.look();
      given.users += 1;
      return given.disk.path;
    }
    const readOnly = !(await mayWrite(folder));
    const taken = new Set(this.#folders.map(({ disk }) => disk.path));
    const name = folder.name.replaceAll("/", "") || "folder";
    let path = `${FOLDERS}/${name}`;
    for (let count = 2; taken.has(path); count += 1) path = `${FOLDERS}/${name}-${count}`;
    const disk = new MountedDisk({
      ...{ path, open: async () => folder, readOnly, title: `The folder “${folder.name}”`, shared: false },
      // Not that of the home: a drive that does not answer keeps nobody from what is his own.
      lock: `${DISK_LOCK} ${folder.name}`,
      tell: (trouble) => this.#tell(path, trouble),
    });
    // One that is gone is told now.
    await disk.look();
    disk.mount(this.#FS as EmscriptenFS);
    this.#folders.push({ handle: folder, disk, users: 1 });
    return path;
  }

  /** A conversation that was given the folder at `path` is over. */
  takeBack(path: string): Promise<void> {
    return this.#inTurn(() => this.#takeBack(path));
  }

  async #takeBack(path: string): Promise<void> {
    const given = this.#folders.find(({ disk }) => disk.path === path);
    if (!given || --given.users > 0) return;
    this.#folders.splice(this.#folders.indexOf(given), 1);
    await given.disk.close();
    this.#tell(path, null);
  }

  #inHome(name: string): string {
    if (!name || name.startsWith(".") || /[/\\]/.test(name)) {
      throw new AlcoveError("bad-request", `“${name}” is no name of a folder.`, {
        action: "Take one word, without a slash.",
      });
    }
    const path = `${HOME}/${name}`;
    this.#FS?.mkdirTree(path);
    return path;
  }
}

const nowhere = (): AlcoveError =>
  new AlcoveError("unsupported", "This browser keeps no files: what Python writes is gone with the tab.", {
    action: "Use another browser, or leave private browsing.",
  });

async function keepsFiles(): Promise<boolean> {
  if (!("createWritable" in FileSystemFileHandle.prototype)) return false;
  return navigator.storage.getDirectory().then(
    () => true,
    () => false,
  );
}

/** Firefox and Safari give no folder of the person's, and do not ask. */
async function mayWrite(folder: FileSystemDirectoryHandle): Promise<boolean> {
  const asking = folder as FileSystemDirectoryHandle & {
    queryPermission?(of: { mode: "read" | "readwrite" }): Promise<PermissionState>;
  };
  if (!asking.queryPermission) return true;
  if ((await asking.queryPermission({ mode: "readwrite" })) === "granted") return true;
  if ((await asking.queryPermission({ mode: "read" })) === "granted") return false;
  throw new AlcoveError("bad-request", `The browser does not let Alcove into the folder “${folder.name}”.`, {
    action: "Allow it, or choose another one.",
  });
}
