/**
 * What a crash, a closed tab or a full disk may leave among the model files. Halves of downloads stay: they can be gone
 * on with, and are shown. What nobody can ever ask for is deleted.
 */
import { HALF, MARK, PART, WHOLE } from "./disk-shelf.ts";
import type { StoredFile } from "./file-shelf.ts";
import { exclusively, ifFree } from "./locks.ts";
import { type Directory, findFile, type Movable, readJson, removeFile } from "./opfs.ts";

/** Held, shared, by every import for as long as it runs: meanwhile nothing is swept. */
export const IMPORTING = "importing";

/** How the part of an import is called. */
export const IMPORT = "import-";

/** Waits until no tab imports, then sweeps. */
export function sweep(folder: Directory, signal = new AbortController().signal): Promise<void> {
  return exclusively(IMPORTING, signal, async () => {
    const names = new Set<string>();
    for await (const name of folder.keys()) names.add(name);
    const keysOf = (ending: string) =>
      [...names].filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
    for (const key of keysOf(PART)) {
      if (!key.startsWith(IMPORT)) continue;
      await removeFile(folder, key + PART);
      await removeFile(folder, key + HALF);
    }
    // Of another tab that is just finishing one of these, the lock says so.
    for (const key of keysOf(WHOLE)) {
      if (!names.has(key + MARK)) await ifFree(`file-${key}`, () => unmarked(folder, key));
    }
    for (const key of keysOf(HALF)) {
      if (!names.has(key + PART)) await ifFree(`file-${key}`, () => lonely(folder, key));
    }
    await unlisted(folder, keysOf(MARK));
  });
}

/** A whole file without its mark: what was downloaded becomes a half again, which the next try checks. */
async function unmarked(folder: Directory, key: string): Promise<void> {
  if (await findFile(folder, key + MARK)) return;
  const half = (await findFile(folder, key + HALF)) && !(await findFile(folder, key + PART));
  const handle = half ? await folder.getFileHandle(key + WHOLE).catch(() => undefined) : undefined;
  if (handle) await (handle as Movable).move(key + PART);
  else await removeFile(folder, key + WHOLE);
}

async function lonely(folder: Directory, key: string): Promise<void> {
  if (!(await findFile(folder, key + PART))) await removeFile(folder, key + HALF);
}

/** Files of the person's that belong to no imported model: the import ended before its model was known. */
async function unlisted(folder: Directory, keys: string[]): Promise<void> {
  const marks = await Promise.all(
    keys.map(async (key) => ({ key, ...(await readJson<Omit<StoredFile, "key">>(folder, key + MARK)) })),
  );
  const wanted = new Set(marks.flatMap(({ imported }) => imported?.files.map(({ sha256 }) => sha256) ?? []));
  for (const { key, local } of marks) {
    if (!local || wanted.has(key)) continue;
    for (const ending of [MARK, WHOLE]) await removeFile(folder, key + ending);
  }
}
