/**
 * The files of Python's packages where Python looks for them. Little of them is read, for what every session needs is in
 * its memory from the start: so their bytes are fetched when they are wanted.
 */
import type { Snapshot } from "./snapshot.ts";

/** A file of Emscripten's, in memory. */
interface Node {
  contents: Uint8Array;
  usedBytes: number;
}

/** The part of its `FS` that they are put there with. */
export interface FileSystem {
  mkdirTree(path: string): void;
  create(path: string, mode: number): Node;
  lookupPath(path: string): { node: Node };
  ErrnoError: new (errno: number) => Error;
}

const STDLIB = "python_stdlib.zip";
const READABLE = 0o644;
/** What Emscripten calls a disk that fails. */
const EIO = 29;

/** Fetches a file of the site and waits for it: Python's import does, and a worker may. */
function read(url: string): Uint8Array {
  const request = new XMLHttpRequest();
  request.open("GET", url, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${url}: ${request.status}`);
  return new Uint8Array(request.response as ArrayBuffer);
}

/**
 * Puts them there.
 * @param base address of the folder with the archives
 * @returns what has the browser keep the archives that nobody has asked for yet
 */
export function placeFiles(FS: FileSystem, base: string, snapshot: Snapshot): () => Promise<void> {
  const { site, stdlib, library, wheels } = snapshot;
  const archives = new Map<string, Uint8Array>();
  const bytesOf = (archive: string): Uint8Array => {
    let bytes = archives.get(archive);
    try {
      bytes ??= read(base + archive);
    } catch (thrown) {
      console.warn("A file of Python's could not be read.", thrown);
      throw new FS.ErrnoError(EIO);
    }
    archives.set(archive, bytes);
    return bytes;
  };
  fill(FS.lookupPath(stdlib.path).node, stdlib.bytes, () => bytesOf(STDLIB));
  const folders = new Set<string>();
  for (const [wheel, entries] of Object.entries(wheels)) {
    for (const [name, at, bytes] of entries) {
      const path = `${site}/${name}`;
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (!folders.has(folder)) FS.mkdirTree(folder);
      folders.add(folder);
      fill(FS.create(path, READABLE), bytes, () => bytesOf(wheel).subarray(at, at + bytes));
    }
  }
  return async () => {
    for (const archive of [STDLIB, ...Object.keys(wheels)]) {
      // That of the library was fetched for it.
      if (archives.has(archive) || archive === library.wheel) continue;
      await fetch(base + archive).then(
        (response) => response.arrayBuffer(),
        () => undefined,
      );
    }
  };
}

/** Gives a file its bytes when somebody reads it. What is written to it takes their place. */
function fill(node: Node, bytes: number, read: () => Uint8Array): void {
  node.usedBytes = bytes;
  let written: Uint8Array | undefined;
  Object.defineProperty(node, "contents", {
    get: () => written ?? read(),
    set: (contents: Uint8Array) => {
      written = contents;
    },
  });
}
