/**
 * What the `storage` tool keeps on this device (`py_app/tools/storage.py`): texts by name, in a folder of their own for
 * each namespace. Other tabs may write at the same time.
 */
import { exclusively } from "../files/locks.ts";
import { type Directory, findFile, NEW, openDirectory, removeFile, writeFile } from "../files/opfs.ts";
import { fileName, nameOf, STORAGE } from "../files/person-files.ts";
import { AlcoveError } from "../wire/errors.ts";

const MOST_ENTRIES = 500;
/** Of one entry, and of a namespace. */
const MOST_BYTES = 1 << 20;
const MOST_BYTES_ALL = 10 << 20;
const NAMESPACE = /^[a-z0-9-]{1,40}$/;

interface Asked {
  namespace: string;
  action: string;
  name?: string;
  text?: string;
}

/**
 * Does what the tool asks.
 * @returns for `list` {"entries"}, for `read` {"name", "text"}, else {"name", "bytes"}
 * @throws AlcoveError `bad-request`, `quota`, `unsupported` where this browser keeps no files
 */
export function storage(asked: Asked): Promise<unknown> {
  if (!NAMESPACE.test(asked.namespace)) throw new AlcoveError("bad-request", "A namespace is a short word.");
  const never = new AbortController().signal;
  return exclusively(`storage-${asked.namespace}`, never, async () => work(await folderOf(asked), asked));
}

async function work(folder: Directory, { action, name, text = "" }: Asked): Promise<unknown> {
  if (action === "list") return { entries: await entries(folder) };
  const file = fileName(name ?? "");
  const there = await findFile(folder, file);
  if (action === "write") return write(folder, name, text);
  if (action === "append") return write(folder, name, ((await there?.text()) ?? "") + text);
  if (!there) {
    const known = (await entries(folder)).map((entry) => entry.name).join(", ") || "nothing yet";
    throw new AlcoveError("bad-request", `Nothing is stored as "${name}".`, {
      action: `There is: ${known}.`,
    });
  }
  if (action === "read") return { name, text: await there.text() };
  if (action !== "delete") throw new AlcoveError("bad-request", `There is no action "${action}".`);
  for (const each of [file, file + NEW]) await removeFile(folder, each);
  return { name, bytes: 0 };
}

async function write(folder: Directory, name = "", text: string): Promise<unknown> {
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MOST_BYTES) throw full("An entry holds 1 MB at most.");
  const others = (await entries(folder)).filter((entry) => entry.name !== name);
  if (others.length >= MOST_ENTRIES) throw full(`${MOST_ENTRIES} entries are the most.`);
  const taken = others.reduce((sum, entry) => sum + entry.bytes, bytes.length);
  if (taken > MOST_BYTES_ALL) throw full("All entries together hold 10 MB at most.");
  await writeFile(folder, fileName(name), bytes);
  return { name, bytes: bytes.length };
}

const full = (message: string): AlcoveError =>
  new AlcoveError("quota", message, { action: "Delete what is no longer needed." });

async function entries(folder: Directory): Promise<{ name: string; bytes: number }[]> {
  const found: { name: string; bytes: number }[] = [];
  for await (const file of folder.keys()) {
    const name = nameOf(file);
    if (name !== null) found.push({ name, bytes: (await findFile(folder, file))?.size ?? 0 });
  }
  return found.sort((a, b) => a.name.localeCompare(b.name));
}

async function folderOf({ namespace }: Asked): Promise<Directory> {
  const all = await openDirectory(STORAGE);
  if (!all)
    throw new AlcoveError("unsupported", "This browser keeps no files.", { action: "Go on without." });
  return all.getDirectoryHandle(namespace, { create: true });
}
