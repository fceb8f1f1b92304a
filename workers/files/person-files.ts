/** Where the texts and files of the `storage` tool lie, and how they are called there. */
import { AlcoveError } from "../wire/errors.ts";
import { findDirectory, findFile, NEW } from "./opfs.ts";

export const STORAGE = "storage";

const START = "entry-";
const MOST_CHARACTERS = 80;

/** @throws AlcoveError `bad-request` for a name that no file can have */
export function fileName(name: string): string {
  if (!name.trim() || name.length > MOST_CHARACTERS || !name.isWellFormed()) {
    throw new AlcoveError("bad-request", `A name has 1 to ${MOST_CHARACTERS} characters.`);
  }
  return START + encodeURIComponent(name);
}

/** The name of an entry's file; null for a file that is none, or not whole. */
export const nameOf = (file: string): string | null =>
  file.startsWith(START) && !file.endsWith(NEW) ? decodeURIComponent(file.slice(START.length)) : null;

/** An entry of a namespace; undefined when there is none. */
export async function findEntry(namespace: string, name: string): Promise<File | undefined> {
  const folder = await findDirectory(STORAGE);
  const entries = await folder?.getDirectoryHandle(namespace).catch(() => undefined);
  return entries && findFile(entries, fileName(name));
}

/** All entries of all namespaces, each with its namespace and name as id. */
export async function keptEntries(): Promise<{ id: string; name: string; bytes: number }[]> {
  const found: { id: string; name: string; bytes: number }[] = [];
  const namespaces = await findDirectory(STORAGE);
  if (!namespaces) return found;
  for await (const namespace of namespaces.keys()) {
    const folder = await namespaces.getDirectoryHandle(namespace);
    for await (const file of folder.keys()) {
      const name = nameOf(file);
      if (name === null) continue;
      found.push({ id: `${namespace}/${name}`, name, bytes: (await findFile(folder, file))?.size ?? 0 });
    }
  }
  return found;
}
