/** A {@link Disk} as a file system of Emscripten: what Python's `open`, `os` and `pathlib` come down to. */
import { TooLarge } from "./content.ts";
import type { Disk } from "./disk.ts";
import type { Entry, FileEntry, FolderEntry } from "./tree.ts";

/** What Emscripten calls its errors: the numbers of WASI. */
const ERRNO = {
  EFBIG: 22,
  EINVAL: 28,
  EIO: 29,
  ENAMETOOLONG: 37,
  ENOENT: 44,
  ENOTEMPTY: 55,
  EPERM: 63,
  EROFS: 69,
};
const O_APPEND = 0o2000;
const FOLDER_MODE = 0o40777;
const FILE_MODE = 0o100666;
const MOST_NAME_BYTES = 255;

interface Node {
  id: number;
  name: string;
  mode: number;
  rdev: number;
  entry: Entry;
  node_ops: unknown;
  stream_ops: unknown;
}

interface Attributes {
  mode?: number;
  size?: number;
  mtime?: number | Date;
}

interface Stream {
  node: Node;
  position: number;
  flags: number;
}

/** The part of Emscripten's `FS` that a file system is made with. */
export interface EmscriptenFS {
  ErrnoError: new (errno: number) => Error;
  createNode(parent: unknown, name: string, mode: number, rdev: number): Node;
  hashRemoveNode(node: unknown): void;
  isDir(mode: number): boolean;
  mkdirTree(path: string): void;
  mount(type: unknown, options: object, path: string): unknown;
  unmount(path: string): void;
  rmdir(path: string): void;
}

/** Makes `disk` what lies at `path`. @returns what forgets an entry that is gone from the disk */
export function mount(FS: EmscriptenFS, disk: Disk, path: string): void {
  FS.mkdirTree(path);
  FS.mount({ mount: () => new FileSystem(FS, disk).node(disk.root, null) }, {}, path);
}

/** To be called when somebody else took an entry of a mounted disk away. */
export function forget(FS: EmscriptenFS, entry: Entry): void {
  if (entry.node) FS.hashRemoveNode(entry.node);
  delete entry.node;
}

class FileSystem {
  readonly #FS: EmscriptenFS;
  readonly #disk: Disk;

  constructor(FS: EmscriptenFS, disk: Disk) {
    this.#FS = FS;
    this.#disk = disk;
  }

  node(entry: Entry, parent: Node | null): Node {
    const folder = entry.kind === "folder";
    const node = this.#FS.createNode(parent, entry.name || "/", folder ? FOLDER_MODE : FILE_MODE, 0);
    node.entry = entry;
    node.node_ops = folder ? this.#folderOps : this.#fileOps;
    node.stream_ops = folder ? { llseek: this.#streamOps.llseek } : this.#streamOps;
    entry.node = node;
    return node;
  }

  #fail(name: keyof typeof ERRNO): never {
    throw new this.#FS.ErrnoError(ERRNO[name]);
  }

  #writable(): void {
    if (this.#disk.readOnly) this.#fail("EROFS");
  }

  /** Does `work`, which may need what the disk does not give any more. */
  #tried<T>(work: () => T): T {
    try {
      return work();
    } catch (thrown) {
      return this.#fail(thrown instanceof TooLarge ? "EFBIG" : "EIO");
    }
  }

  readonly #fileOps = {
    getattr: (node: Node) => {
      const { entry } = node;
      const size = entry.kind === "file" ? entry.content.size : 4096;
      const time = new Date(entry.modified);
      return {
        ...{ dev: 1, ino: node.id, mode: node.mode, nlink: 1, uid: 0, gid: 0, rdev: node.rdev, size },
        ...{ atime: time, mtime: time, ctime: time, blksize: 4096, blocks: Math.ceil(size / 4096) },
      };
    },

    setattr: (node: Node, { mode, size, mtime }: Attributes) => {
      const { entry } = node;
      if (mode != null) node.mode = mode;
      if (size != null && entry.kind === "file") {
        this.#writable();
        this.#tried(() => entry.content.resize(size));
        this.#disk.changed(entry);
      }
      if (mtime != null) entry.modified = Number(mtime);
    },
  };

  readonly #folderOps = {
    ...this.#fileOps,

    lookup: (parent: Node, name: string): Node => {
      const entry = this.#folder(parent).entries.get(name);
      return entry ? this.node(entry, parent) : this.#fail("ENOENT");
    },

    mknod: (parent: Node, name: string, mode: number): Node => {
      this.#writable();
      this.#named(name);
      const kind = this.#FS.isDir(mode) ? "folder" : "file";
      return this.node(this.#disk.add(this.#folder(parent), name, kind), parent);
    },

    rename: ({ entry }: Node, into: Node, name: string): void => {
      this.#writable();
      this.#named(name);
      const folder = this.#folder(into);
      const there = folder.entries.get(name);
      if (there?.kind === "folder" && there.entries.size) this.#fail("ENOTEMPTY");
      this.#tried(() => this.#disk.move(entry, folder, name));
      if (there) forget(this.#FS, there);
    },

    unlink: (parent: Node, name: string): void => this.#remove(parent, name),

    rmdir: (parent: Node, name: string): void => {
      const entry = this.#folder(parent).entries.get(name);
      if (entry?.kind === "folder" && entry.entries.size) this.#fail("ENOTEMPTY");
      this.#remove(parent, name);
    },

    readdir: (node: Node): string[] => [".", "..", ...this.#folder(node).entries.keys()],

    symlink: (): never => this.#fail("EPERM"),
  };

  readonly #streamOps = {
    read: ({ node }: Stream, into: Uint8Array, offset: number, length: number, position: number): number =>
      this.#tried(() => this.#content(node).read(into.subarray(offset, offset + length), position)),

    write: (
      { node, flags }: Stream,
      from: Uint8Array,
      offset: number,
      length: number,
      position: number,
    ): number => {
      this.#writable();
      if (!length) return 0;
      this.#tried(() =>
        this.#content(node).write(
          from.subarray(offset, offset + length),
          position,
          Boolean(flags & O_APPEND),
        ),
      );
      this.#disk.changed(node.entry);
      return length;
    },

    llseek: ({ node, position }: Stream, offset: number, whence: number): number => {
      const end = node.entry.kind === "file" ? node.entry.content.size : 0;
      const at = offset + (whence === 1 ? position : whence === 2 ? end : 0);
      return at < 0 ? this.#fail("EINVAL") : at;
    },
  };

  #folder({ entry }: Node): FolderEntry {
    return entry as FolderEntry;
  }

  #content({ entry }: Node): FileEntry["content"] {
    return (entry as FileEntry).content;
  }

  #remove(parent: Node, name: string): void {
    this.#writable();
    const entry = this.#folder(parent).entries.get(name);
    if (entry) this.#disk.remove(entry);
  }

  #named(name: string): void {
    if (new TextEncoder().encode(name).length > MOST_NAME_BYTES) this.#fail("ENAMETOOLONG");
  }
}
