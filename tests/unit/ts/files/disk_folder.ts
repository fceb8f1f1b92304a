/** A folder of the disk that answers as one of the origin-private file system does, as far as the shelf asks. */
import {
  closeSync,
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
import { join } from "node:path";
import type { Directory } from "../../../../workers/files/opfs.ts";

export function diskFolder(path: string): Directory {
  /** As in a browser, one handle a file at a time. */
  const open = new Set<string>();
  const at = (name: string) => join(path, name);
  const missing = (name: string) => new DOMException(`no ${name}`, "NotFoundError");

  const fileHandle = (first: string) => {
    let name = first;
    return {
      kind: "file",
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

  return {
    async getFileHandle(name: string, { create = false } = {}) {
      if (!existsSync(at(name))) {
        if (!create) throw missing(name);
        closeSync(openSync(at(name), "w"));
      }
      return fileHandle(name);
    },
    async getDirectoryHandle(name: string, { create = false } = {}) {
      if (!existsSync(at(name))) {
        if (!create) throw missing(name);
        mkdirSync(at(name));
      }
      return diskFolder(at(name));
    },
    async removeEntry(name: string) {
      if (!existsSync(at(name))) throw missing(name);
      if (open.has(name)) throw new DOMException(name, "NoModificationAllowedError");
      rmSync(at(name));
    },
    async *keys() {
      yield* readdirSync(path);
    },
  } as unknown as Directory;
}
