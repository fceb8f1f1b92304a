/** Small helpers over the origin-private file system, as it is inside a dedicated worker. */

export type Directory = FileSystemDirectoryHandle;

/** What is ours of the origin-private file system; an origin may have other folders, of other pages. */
export const FOLDERS = [
  "models",
  "states",
  "engine",
  "wheels",
  "checksums",
  "storage",
  "home",
  "documents",
] as const;

/** A folder of the origin-private file system; undefined where the browser offers none (private windows). */
export async function openDirectory(name: (typeof FOLDERS)[number]): Promise<Directory | undefined> {
  try {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle(name, { create: true });
    // Some browsers have folders but no synchronous writing: then a download would be held in memory anyway.
    return "createSyncAccessHandle" in FileSystemFileHandle.prototype ? folder : undefined;
  } catch {
    return undefined;
  }
}

/** As {@link openDirectory}, for who only looks: any thread may, and nothing is made. */
export async function findDirectory(name: (typeof FOLDERS)[number]): Promise<Directory | undefined> {
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
  } catch {
    return undefined;
  }
}

export async function findFile(folder: Directory, name: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch {
    return undefined;
  }
}

export async function removeFile(folder: Directory, name: string): Promise<void> {
  await folder.removeEntry(name).catch(() => undefined);
}

export async function readJson<T>(folder: Directory, name: string): Promise<T | undefined> {
  try {
    return JSON.parse((await (await findFile(folder, name))?.text()) ?? "") as T;
  } catch {
    return undefined;
  }
}

export function writeJson(folder: Directory, name: string, value: unknown): Promise<void> {
  return writeFile(folder, name, new TextEncoder().encode(JSON.stringify(value)));
}

/** At the end of a file's name while it is written. No other name of ours ends so. */
export const NEW = "+";

export type Movable = FileSystemFileHandle & { move(name: string): Promise<void> };

/**
 * Writes a file as a whole: whatever happens meanwhile, the one that was there stays until the new one takes its place.
 * @throws DOMException QuotaExceededError
 */
export async function writeFile(
  folder: Directory,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const handle = (await folder.getFileHandle(name + NEW, { create: true })) as Movable;
  const access = await handle.createSyncAccessHandle();
  let whole = false;
  try {
    access.truncate(0);
    whole = access.write(bytes, { at: 0 }) === bytes.length;
    access.flush();
  } finally {
    access.close();
    if (!whole) await removeFile(folder, name + NEW);
  }
  if (!whole) throw new DOMException("short write", "QuotaExceededError");
  await handle.move(name).catch(async () => {
    // Not every browser lets one file take the place of another.
    await removeFile(folder, name);
    await handle.move(name);
  });
}
