/** Files in a folder of the origin-private file system. */
import { AlcoveError } from "../wire/errors.ts";
import type { About, FileShelf, HalfMark, KeptPart, StoredFile } from "./file-shelf.ts";
import { type Directory, findFile, type Movable, readJson, removeFile, writeJson } from "./opfs.ts";

export const WHOLE = ".gguf";
export const PART = ".part";
/** Beside a whole file, written last. */
export const MARK = ".json";
/** Beside a part: a {@link HalfMark}. */
export const HALF = ".half";

/** What is written beside a whole file, which bears the key as its name. */
type Mark = Omit<StoredFile, "key">;

export class DiskFileShelf implements FileShelf {
  readonly #folder: Directory;

  constructor(folder: Directory) {
    this.#folder = folder;
  }

  async find(key: string): Promise<Blob | undefined> {
    const mark = await readJson<Mark>(this.#folder, key + MARK);
    const file = mark && (await findFile(this.#folder, key + WHOLE));
    if (!mark || !file || mark.damaged) return undefined;
    if (file.size === mark.bytes) return file;
    await this.remove(key);
    return undefined;
  }

  async part(key: string, about: About): Promise<KeptPart> {
    const folder = this.#folder;
    const handle = await folder.getFileHandle(key + PART, { create: true });
    const access = await handle.createSyncAccessHandle();
    let { origin } = (await readJson<HalfMark>(folder, key + HALF)) ?? {};
    let end = access.getSize();
    return {
      get bytes() {
        return end;
      },
      get origin() {
        return origin;
      },
      read: (into, at) => access.read(into, { at }),
      append(bytes) {
        const written = access.write(bytes, { at: end });
        if (written < bytes.length) throw new DOMException("short write", "QuotaExceededError");
        end += written;
      },
      async reset(of) {
        access.truncate(0);
        access.flush(); // never the new mark beside bytes of an old version
        end = 0;
        origin = of;
        await writeJson(folder, key + HALF, { ...about, ...(of ? { origin: of } : {}) } satisfies HalfMark);
      },
      finish: async ({ key: whole, ...mark }, check) => {
        access.flush();
        access.close();
        await removeFile(folder, whole + MARK);
        await removeFile(folder, whole + WHOLE);
        await (handle as Movable).move(whole + WHOLE);
        const file = await (await folder.getFileHandle(whole + WHOLE)).getFile();
        try {
          await check?.(file);
        } catch (thrown) {
          await (handle as Movable).move(key + PART);
          if (thrown instanceof AlcoveError) await this.removePart(key);
          throw thrown;
        }
        await writeJson(folder, whole + MARK, mark satisfies Mark);
        await removeFile(folder, key + HALF);
        return file;
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
      if (mark && (mark.damaged || (await this.find(key)))) found.push({ ...mark, key });
    }
    return found;
  }

  async mark({ key, ...mark }: StoredFile): Promise<void> {
    await writeJson(this.#folder, key + MARK, mark satisfies Mark);
  }

  async removePart(key: string): Promise<void> {
    for (const ending of [PART, HALF]) await removeFile(this.#folder, key + ending);
  }

  async remove(key: string): Promise<void> {
    for (const ending of [MARK, WHOLE]) await removeFile(this.#folder, key + ending);
    await this.removePart(key);
  }
}
