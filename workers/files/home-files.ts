/** Python's home on the disk, for who looks from outside of Python: any thread may. */
import { exclusively } from "./locks.ts";
import { type Directory, findDirectory, readJson } from "./opfs.ts";

/** Where it lies in Python's file system. */
export const HOME = "/home/pyodide";
/** Its lock: what one tab writes there no other one writes at the same time. */
export const DISK_LOCK = "disk";
/** On which tabs tell each other the paths of what they changed. */
export const diskChannel = (path: string): string => `alcove-disk-${path}`;

const never = new AbortController().signal;

/** Deletes what `py_app/home` wrote of a conversation, in every tab. */
export async function forgetSessionFiles(id: string): Promise<void> {
  const home = await findDirectory("home");
  if (!home) return;
  const gone = await exclusively(DISK_LOCK, never, () => removeSession(home, id));
  tellTabs(gone);
}

async function removeSession(home: Directory, id: string): Promise<string[]> {
  const gone: string[] = [];
  for await (const [sessions, path] of projects(home)) {
    for (const name of await foldersOf(sessions, id)) {
      await sessions.removeEntry(name, { recursive: true }).catch(() => undefined);
      gone.push(`${path}/${name}`);
    }
  }
  return gone;
}

/** The folder of each project's sessions, with its path. */
async function* projects(home: Directory): AsyncGenerator<[Directory, string]> {
  const at = ".amplifier/projects";
  const found = await folder(home, ...at.split("/"));
  for await (const name of found?.keys() ?? []) {
    const sessions = await folder(found as Directory, name, "sessions");
    if (sessions) yield [sessions, `${at}/${name}/sessions`];
  }
}

/** A session's folder and those of its sub-sessions: `py_app/home/places.py` names them. */
async function foldersOf(sessions: Directory, id: string, seen = new Set<string>()): Promise<string[]> {
  if (seen.has(id)) return [];
  seen.add(id);
  if (/^[A-Za-z0-9-][A-Za-z0-9._-]{0,199}$/.test(id)) {
    const about = await aboutIn(sessions, id);
    const below = await Promise.all((about?.sub_sessions ?? []).map((sub) => foldersOf(sessions, sub, seen)));
    return about ? [id, ...below.flat()] : [];
  }
  // An imported conversation may be called anything: which folder is its, the file in it says.
  for await (const name of sessions.keys()) {
    if (ODD.test(name) && (await aboutIn(sessions, name))?.session_id === id) return [name];
  }
  return [];
}

/** A folder whose name is not the id itself. */
const ODD = /%|-[0-9a-f]{32}$/;

interface About {
  session_id?: string;
  sub_sessions?: string[];
}

async function aboutIn(sessions: Directory, name: string): Promise<About | undefined> {
  const session = await folder(sessions, name);
  return session && ((await readJson<About>(session, "metadata.json")) ?? {});
}

async function folder(from: Directory, ...names: string[]): Promise<Directory | undefined> {
  let at = from;
  for (const name of names) {
    const next = await at.getDirectoryHandle(name).catch(() => undefined);
    if (!next) return undefined;
    at = next;
  }
  return at;
}

/** What lies in the home: its files and folders, with all that is in each. */
export async function homeEntries(): Promise<{ id: string; name: string; bytes: number }[]> {
  const home = await findDirectory("home");
  const found: { id: string; name: string; bytes: number }[] = [];
  for await (const entry of home?.values() ?? []) {
    found.push({ id: entry.name, name: entry.name, bytes: await bytesOf(entry).catch(() => 0) });
  }
  return found;
}

async function bytesOf(entry: FileSystemHandle): Promise<number> {
  if (entry.kind === "file") return (await (entry as FileSystemFileHandle).getFile()).size;
  const inner: Promise<number>[] = [];
  for await (const each of (entry as Directory).values()) inner.push(bytesOf(each).catch(() => 0));
  return (await Promise.all(inner)).reduce((sum, bytes) => sum + bytes, 0);
}

/** Within the folder that was chosen. */
const placeOf = ({ name, webkitRelativePath: path }: File): string[] =>
  path ? path.split("/").slice(1) : [name];

/** Deletes a folder of the home with all that is in it, in every tab. */
export async function removeFromHome(name: string): Promise<void> {
  const home = await findDirectory("home");
  if (!home) return;
  const removal = () => home.removeEntry(name, { recursive: true }).then(() => [name]);
  // Mostly there is none.
  tellTabs(await exclusively(DISK_LOCK, never, removal).catch(() => []));
}

/**
 * Puts files of the person's into a folder of the home, without reading them into memory; those of a folder that was
 * chosen into folders as there.
 * @throws DOMException `QuotaExceededError`, `InvalidStateError` where the browser keeps no files
 */
export async function putIntoHome(name: string, files: readonly File[]): Promise<void> {
  const root = await navigator.storage.getDirectory();
  const home = await root.getDirectoryHandle("home", { create: true });
  const into = await home.getDirectoryHandle(name, { create: true });
  for (const file of files) {
    const place = placeOf(file);
    let folder = into;
    for (const part of place.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create: true });
    const handle = await folder.getFileHandle(place.at(-1) ?? file.name, { create: true });
    await file.stream().pipeTo(await handle.createWritable());
    tellTabs([[name, ...place].join("/")]);
  }
}

function tellTabs(paths: string[]): void {
  if (!paths.length || typeof BroadcastChannel === "undefined") return;
  const tabs = new BroadcastChannel(diskChannel(HOME));
  tabs.postMessage(paths);
  tabs.close();
}
