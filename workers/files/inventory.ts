/** What lies in the folder of the model files, whole and half, by names and sizes only: any thread may look. */
import { HALF, MARK, PART, WHOLE } from "./disk-shelf.ts";
import type { HalfMark, StoredFile } from "./file-shelf.ts";
import { type Directory, findFile, readJson } from "./opfs.ts";

/** A folder of the origin-private file system. */
export const MODELS = "models";

interface HalfFile extends HalfMark {
  key: string;
  bytes: number;
  /** Milliseconds since 1970. */
  changed: number;
}

/** @returns whole files with what they take on the disk, and halves */
export async function inventory(folder: Directory): Promise<{ whole: StoredFile[]; halves: HalfFile[] }> {
  const whole: StoredFile[] = [];
  const halves: HalfFile[] = [];
  for await (const name of folder.keys()) {
    if (name.endsWith(MARK)) {
      const key = name.slice(0, -MARK.length);
      const mark = await readJson<Omit<StoredFile, "key">>(folder, name);
      const file = await findFile(folder, key + WHOLE);
      // Without a mark that can be read nobody loads it, but it takes its room.
      if (file) whole.push({ ...(mark ?? { name: key, damaged: true }), key, bytes: file.size });
    } else if (name.endsWith(PART)) {
      const key = name.slice(0, -PART.length);
      const file = await findFile(folder, name);
      const mark = await readJson<HalfMark>(folder, key + HALF);
      if (file) halves.push({ name: key, ...mark, key, bytes: file.size, changed: file.lastModified });
    }
  }
  return { whole, halves };
}

/** Deletes a half that nobody is writing. */
export async function removeHalf(folder: Directory, key: string): Promise<void> {
  for (const ending of [PART, HALF]) await folder.removeEntry(key + ending).catch(absent);
}

/** Deletes a whole file; one that an engine holds open stays, and that is thrown. */
export async function removeWhole(folder: Directory, key: string): Promise<void> {
  for (const ending of [WHOLE, MARK]) await folder.removeEntry(key + ending).catch(absent);
}

const absent = (thrown: unknown): void => {
  if (!(thrown instanceof DOMException) || thrown.name !== "NotFoundError") throw thrown;
};
