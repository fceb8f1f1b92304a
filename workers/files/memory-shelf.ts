/** Files in memory, where a browser keeps none: they live as long as the worker. */
import { AlcoveError } from "../wire/errors.ts";
import type { About, FileShelf, HalfMark, KeptPart, StoredFile } from "./file-shelf.ts";

interface Half {
  pieces: Uint8Array<ArrayBuffer>[];
  mark: HalfMark;
}

export class MemoryFileShelf implements FileShelf {
  readonly #whole = new Map<string, { entry: StoredFile; blob: Blob }>();
  readonly #parts = new Map<string, Half>();

  async find(key: string): Promise<Blob | undefined> {
    const found = this.#whole.get(key);
    return found?.entry.damaged ? undefined : found?.blob;
  }

  async part(key: string, about: About): Promise<KeptPart> {
    const half: Half = this.#parts.get(key) ?? { pieces: [], mark: about };
    this.#parts.set(key, half);
    const { pieces } = half;
    let end = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return {
      get bytes() {
        return end;
      },
      get origin() {
        return half.mark.origin;
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
      async reset(origin) {
        pieces.length = 0;
        end = 0;
        half.mark = origin ? { ...about, origin } : about;
      },
      finish: async (entry, check) => {
        const blob = new Blob(pieces);
        await check?.(blob).catch((thrown) => {
          if (thrown instanceof AlcoveError) this.#parts.delete(key);
          throw thrown;
        });
        this.#parts.delete(key);
        this.#whole.set(entry.key, { entry, blob });
        return blob;
      },
      close: () => undefined,
    };
  }

  async list(): Promise<StoredFile[]> {
    return [...this.#whole.values()].map(({ entry }) => entry);
  }

  async mark(entry: StoredFile): Promise<void> {
    const found = this.#whole.get(entry.key);
    if (found) found.entry = entry;
  }

  async removePart(key: string): Promise<void> {
    this.#parts.delete(key);
  }

  async remove(key: string): Promise<void> {
    this.#whole.delete(key);
    this.#parts.delete(key);
  }
}
