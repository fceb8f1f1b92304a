/**
 * Where whole model files lie and half ones wait: the origin-private file system, or memory where that is
 * missing. A file counts as whole only when its mark exists, and the mark is written last.
 */
import type { Part } from "./download.ts";
import { type Directory, findFile, readJson, removeFile, writeJson } from "./opfs.ts";

export interface StoredFile {
  /** What it is kept under: its hash, or one of its address where no hash is known. */
  key: string;
  name: string;
  bytes: number;
}

/** A part that is kept between tries. */
export interface KeptPart extends Part {
  /** Makes it the whole file that `entry` describes. */
  finish(entry: StoredFile): Promise<Blob>;
  /** Lets go of it; what was added stays for later. */
  close(): void;
}

export interface FileShelf {
  /** The whole file with this key, if it is there and has the size that its mark says. */
  find(key: string): Promise<Blob | undefined>;
  /** Continues or begins the part called `key`. */
  part(key: string): Promise<KeptPart>;
  list(): Promise<StoredFile[]>;
  /** Deletes the whole file and the part with this key. */
  remove(key: string): Promise<void>;
}

const WHOLE = ".gguf";
const PART = ".part";
const MARK = ".json";

/** What is written beside a whole file, which bears the key as its name. */
type Mark = Omit<StoredFile, "key">;

type Movable = FileSystemFileHandle & { move(name: string): Promise<void> };

export class DiskFileShelf implements FileShelf {
  readonly #folder: Directory;

  constructor(folder: Directory) {
    this.#folder = folder;
  }

  async find(key: string): Promise<Blob | undefined> {
    const mark = await readJson<Mark>(this.#folder, key + MARK);
    const file = mark && (await findFile(this.#folder, key + WHOLE));
    if (!mark || !file) return undefined;
    if (file.size === mark.bytes) return file;
    await this.remove(key);
    return undefined;
  }

  async part(key: string): Promise<KeptPart> {
    const handle = await this.#folder.getFileHandle(key + PART, { create: true });
    const access = await handle.createSyncAccessHandle();
    const folder = this.#folder;
    let end = access.getSize();
    return {
      get bytes() {
        return end;
      },
      read: (into, at) => access.read(into, { at }),
      append(bytes) {
        const written = access.write(bytes, { at: end });
        if (written < bytes.length) throw new DOMException("short write", "QuotaExceededError");
        end += written;
      },
      reset() {
        access.truncate(0);
        end = 0;
      },
      async finish({ key: whole, ...mark }) {
        access.flush();
        access.close();
        await removeFile(folder, whole + WHOLE);
        await (handle as Movable).move(whole + WHOLE);
        await writeJson(folder, whole + MARK, mark satisfies Mark);
        return (await folder.getFileHandle(whole + WHOLE)).getFile();
      },
      close: () => access.close(),
    };
  }

  async list(): Promise<StoredFile[]> {
    const found: StoredFile[] = [];
    for await (const name of this.#folder.keys()) {
      if (!name.endsWith(MARK)) continue;
      const key = name.slice(0, -MARK.length);
      const mark = await readJson<Mark>(this.#folder, name);
      if (mark && (await this.find(key))) found.push({ key, name: mark.name, bytes: mark.bytes });
    }
    return found;
  }

  async remove(key: string): Promise<void> {
    for (const ending of [MARK, WHOLE, PART]) await removeFile(this.#folder, key + ending);
  }
}

export class MemoryFileShelf implements FileShelf {
  readonly #whole = new Map<string, { entry: StoredFile; blob: Blob }>();
  readonly #parts = new Map<string, Uint8Array[]>();

  async find(key: string): Promise<Blob | undefined> {
    return this.#whole.get(key)?.blob;
  }

  async part(key: string): Promise<KeptPart> {
    const pieces = this.#parts.get(key) ?? [];
    this.#parts.set(key, pieces);
    let end = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return {
      get bytes() {
        return end;
      },
      read(into, at) {
        let from = 0;
        let done = 0;
        for (const piece of pieces) {
          const skip = Math.max(0, at + done - from);
          if (skip < piece.length && done < into.length) {
            const some = piece.subarray(skip, skip + into.length - done);
            into.set(some, done);
            done += some.length;
          }
          from += piece.length;
        }
        return done;
      },
      append(bytes) {
        pieces.push(bytes.slice());
        end += bytes.length;
      },
      reset() {
        pieces.length = 0;
        end = 0;
      },
      finish: async (entry) => {
        const blob = new Blob(pieces as Uint8Array<ArrayBuffer>[]);
        this.#whole.set(entry.key, { entry, blob });
        this.#parts.delete(key);
        return blob;
      },
      close: () => undefined,
    };
  }

  async list(): Promise<StoredFile[]> {
    return [...this.#whole.values()].map(({ entry }) => entry);
  }

  async remove(key: string): Promise<void> {
    this.#whole.delete(key);
    this.#parts.delete(key);
  }
}
