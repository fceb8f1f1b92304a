/** A folder of the disk that answers as one of the origin-private file system does, as far as the shelf asks. */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Directory } from "../../../../workers/files/opfs.ts";

let streams = 0;

export function diskFolder(path: string): Directory {
  /** As in a browser, one handle a file at a time. */
  const open = new Set<string>();
  const at = (name: string) => join(path, name);
  const missing = (name: string) => new DOMException(`no ${name}`, "NotFoundError");

  const fileHandle = (first: string) => {
    let name = first;
    return {
      kind: "file",
      name,
      /** Written beside the file, which it replaces when it is closed. */
      async createWritable({ keepExistingData = false } = {}) {
        if (!existsSync(at(name))) throw missing(name);
        const beside = at(`${name}.${streams++}.crswap`);
        if (keepExistingData) copyFileSync(at(name), beside);
        else closeSync(openSync(beside, "w"));
        return {
          async write({ position, data }: { position: number; data: Uint8Array }) {
            const file = openSync(beside, "r+");
            writeSync(file, data, 0, data.length, position);
            closeSync(file);
          },
          close: async () => renameSync(beside, at(name)),
          abort: async () => rmSync(beside),
        };
      },
      async getFile() {
        if (!existsSync(at(name))) throw missing(name);
        return new File([readFileSync(at(name))], name, { lastModified: statSync(at(name)).mtimeMs });
      },
      async move(to: string) {
        renameSync(at(name), at(to));
        name = to;
      },
      async createSyncAccessHandle() {
        if (open.has(name)) throw new DOMException(name, "NoModificationAllowedError");
        const file = openSync(at(name), "r+");
        const opened = name;
        open.add(opened);
        return {
          getSize: () => fstatSync(file).size,
          read: (into: Uint8Array, { at: from }: { at: number }) =>
            readSync(file, into, 0, into.length, from),
          write: (bytes: Uint8Array, { at: to }: { at: number }) =>
            writeSync(file, bytes, 0, bytes.length, to),
          truncate: (size: number) => ftruncateSync(file, size),
          flush: () => fsyncSync(file),
          close() {
            if (open.delete(opened)) closeSync(file);
          },
        };
      },
    };
  };

  const isFolder = (name: string) => statSync(at(name)).isDirectory();
  const mismatch = (name: string) => new DOMException(name, "TypeMismatchError");

  return {
    kind: "directory",
    name: basename(path),
    async getFileHandle(name: string, { create = false } = {}) {
      if (!existsSync(at(name))) {
        if (!create) throw missing(name);
        closeSync(openSync(at(name), "w"));
      }
      if (isFolder(name)) throw mismatch(name);
      return fileHandle(name);
    },
    async getDirectoryHandle(name: string, { create = false } = {}) {
      if (!existsSync(at(name))) {
        if (!create) throw missing(name);
        if (!existsSync(path)) throw missing(path);
        mkdirSync(at(name));
      }
      if (!isFolder(name)) throw mismatch(name);
      return diskFolder(at(name));
    },
    async removeEntry(name: string, { recursive = false } = {}) {
      if (!existsSync(at(name))) throw missing(name);
      if (open.has(name)) throw new DOMException(name, "NoModificationAllowedError");
      rmSync(at(name), { recursive });
    },
    async *values() {
      if (!existsSync(path)) throw missing(path);
      for (const name of readdirSync(path)) yield isFolder(name) ? diskFolder(at(name)) : fileHandle(name);
    },
    async *keys() {
      yield* readdirSync(path);
    },
  } as unknown as Directory;
}
