/**
 * Where whole model files lie and half ones wait: the origin-private file system, or memory where that is
 * missing. A file counts as whole only when its mark exists, and the mark is written last.
 */
import type { Part } from "../shared/download.ts";
import { type Directory, findFile, readJson, removeFile, writeJson } from "./opfs.ts";

export interface StoredFile {
  name: string;
  bytes: number;
  sha256: string;
}

/** A part that is kept between tries. */
export interface KeptPart extends Part {
  /** Makes it the whole file that `entry` describes. */
  finish(entry: StoredFile): Promise<Blob>;
  /** Lets go of it; what was added stays for later. */
  close(): void;
}

export interface Shelf {
  /** The whole file with this hash, if it is there and has the size that its mark says. */
  find(sha256: string): Promise<Blob | undefined>;
  /** Continues or begins the part called `key`. */
  part(key: string): Promise<KeptPart>;
  list(): Promise<StoredFile[]>;
  /** Deletes the whole file and the part with this hash. */
  remove(sha256: string): Promise<void>;
}

const WHOLE = ".gguf";
const PART = ".part";
const MARK = ".json";

type Movable = FileSystemFileHandle & { move(name: string): Promise<void> };

export class DiskShelf implements Shelf {
  readonly #folder: Directory;

  constructor(folder: Directory) {
    this.#folder = folder;
  }

  async find(sha256: string): Promise<Blob | undefined> {
    const mark = await readJson<StoredFile>(this.#folder, sha256 + MARK);
    const file = mark && (await findFile(this.#folder, sha256 + WHOLE));
    if (!mark || !file) return undefined;
    if (file.size === mark.bytes && mark.sha256 === sha256) return file;
    await this.remove(sha256);
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
      async finish(entry) {
        access.flush();
        access.close();
        await removeFile(folder, entry.sha256 + WHOLE);
        await (handle as Movable).move(entry.sha256 + WHOLE);
        await writeJson(folder, entry.sha256 + MARK, entry);
        return (await folder.getFileHandle(entry.sha256 + WHOLE)).getFile();
      },
      close: () => access.close(),
    };
  }

  async list(): Promise<StoredFile[]> {
    const found: StoredFile[] = [];
    for await (const name of this.#folder.keys()) {
      if (!name.endsWith(MARK)) continue;
      const mark = await readJson<StoredFile>(this.#folder, name);
      if (mark && (await this.find(mark.sha256))) found.push(mark);
    }
    return found;
  }

  async remove(sha256: string): Promise<void> {
    for (const ending of [MARK, WHOLE, PART]) await removeFile(this.#folder, sha256 + ending);
  }
}

export class MemoryShelf implements Shelf {
  readonly #whole = new Map<string, { entry: StoredFile; blob: Blob }>();
  readonly #parts = new Map<string, Uint8Array[]>();

  async find(sha256: string): Promise<Blob | undefined> {
    return this.#whole.get(sha256)?.blob;
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
        this.#whole.set(entry.sha256, { entry, blob });
        this.#parts.delete(key);
        return blob;
      },
      close: () => undefined,
    };
  }

  async list(): Promise<StoredFile[]> {
    return [...this.#whole.values()].map(({ entry }) => entry);
  }

  async remove(sha256: string): Promise<void> {
    this.#whole.delete(sha256);
    this.#parts.delete(sha256);
  }
}
