/**
 * The files of Python's packages where Python looks for them. Little of them is read, for what every session needs is in
 * its memory from the start: so their bytes are fetched behind it, or when they are wanted.
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
}

const STDLIB = "python_stdlib.zip";
const READABLE = 0o644;

/** A file of the site that is fetched at last when somebody wants its bytes. */
class Archive {
  readonly #url: string;
  #bytes: Uint8Array | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Waits for them: Python's import does, and a worker may. */
  get bytes(): Uint8Array {
    if (!this.#bytes) {
      const request = new XMLHttpRequest();
      request.open("GET", this.#url, false);
      request.responseType = "arraybuffer";
      request.send();
      if (request.status !== 200) throw new Error(`${this.#url}: ${request.status}`);
      this.#bytes = new Uint8Array(request.response as ArrayBuffer);
    }
    return this.#bytes;
  }

  /** One that fails is asked for again when it is wanted. */
  async prefetch(): Promise<void> {
    const response = await fetch(this.#url);
    if (response.ok) this.#bytes ??= new Uint8Array(await response.arrayBuffer());
  }
}

/**
 * Puts them there.
 * @param base address of the folder with the archives
 * @returns what fetches them all
 */
export function placeFiles(FS: FileSystem, base: string, snapshot: Snapshot): () => Promise<void> {
  const { site, stdlib, wheels } = snapshot;
  const archives = [new Archive(base + STDLIB)];
  const [library] = archives as [Archive];
  fill(FS.lookupPath(stdlib.path).node, stdlib.bytes, () => library.bytes);
  const folders = new Set<string>();
  for (const [wheel, entries] of Object.entries(wheels)) {
    const archive = new Archive(base + wheel);
    archives.push(archive);
    for (const [name, at, bytes] of entries) {
      const path = `${site}/${name}`;
      const folder = path.slice(0, path.lastIndexOf("/"));
      if (!folders.has(folder)) FS.mkdirTree(folder);
      folders.add(folder);
      fill(FS.create(path, READABLE), bytes, () => archive.bytes.subarray(at, at + bytes));
    }
  }
  return async () => {
    for (const archive of archives) await archive.prefetch().catch(() => undefined);
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
