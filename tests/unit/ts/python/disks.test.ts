/** Python's home and the folders that it is given: what cannot be had is told in words, and Python starts all the same. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { AlcoveError } from "../../../../workers/wire/errors.ts";
import { diskFolder } from "../files/disk_folder.ts";

let path: string;
let getDirectory: () => Promise<unknown>;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "alcove-"));
  getDirectory = async () => diskFolder(path);
});
afterEach(() => rmSync(path, { recursive: true }));

const navigator = { storage: { getDirectory: () => getDirectory() } };
Object.defineProperty(globalThis, "navigator", { configurable: true, value: navigator });
Object.assign(globalThis, {
  FileReaderSync: class {},
  FileSystemFileHandle: { prototype: { createSyncAccessHandle: null, createWritable: null } },
  BroadcastChannel: class extends EventTarget {
    postMessage(): void {}
    close(): void {}
  },
});
const { Disks } = await import("../../../../workers/python/disks.ts");

/** What Emscripten does for a file system, as far as its paths go. */
class FakeFS {
  readonly mounted: string[] = [];
  mkdirTree(): void {}
  mount(_type: unknown, _options: object, at: string): void {
    assert.ok(!this.mounted.includes(at), `${at} is taken`);
    this.mounted.push(at);
  }
  unmount(at: string): void {
    this.mounted.splice(this.mounted.indexOf(at), 1);
  }
  rmdir(): void {}
}

async function started() {
  const troubles: (AlcoveError | null)[] = [];
  const disks = new Disks((trouble) => troubles.push(trouble));
  const FS = new FakeFS();
  await disks.mount(FS as never);
  await disks.ready;
  return { disks, FS, troubles, code: () => troubles.at(-1)?.code };
}

/** A folder of the person's, which the browser lets Python have as `may` says. */
function folder(
  name: string,
  may: { read: string; readwrite: string } = { read: "granted", readwrite: "granted" },
) {
  const at = join(path, name);
  mkdirSync(at, { recursive: true });
  const handle: object = Object.assign(diskFolder(at), {
    queryPermission: async ({ mode }: { mode: "read" | "readwrite" }) => may[mode],
    isSameEntry: async (other: { at?: string }) => other.at === at,
    at,
  });
  return handle as FileSystemDirectoryHandle;
}

test("where a browser keeps nothing, it is said, and Python's own home stays", async () => {
  getDirectory = async () => {
    throw new DOMException("private", "SecurityError");
  };
  const { FS, code, disks } = await started();
  assert.equal(code(), "unsupported");
  assert.deepEqual(FS.mounted, []);
  await disks.look();
  await disks.keep();
});

test("a home that is no folder is damaged", async () => {
  writeFileSync(join(path, "home"), "");
  const { FS, code } = await started();
  assert.equal(code(), "integrity");
  assert.deepEqual(FS.mounted, []);
});

test("a folder that several have stays until the last one gives it back", async () => {
  const { disks, FS } = await started();
  const [one, same, namesake] = [folder("x"), folder("x"), folder("other/x")];
  const paths = await Promise.all([disks.give(one), disks.give(same), disks.give(namesake)]);
  assert.deepEqual(paths, ["/mnt/x", "/mnt/x", "/mnt/x-2"]);
  await disks.takeBack("/mnt/x");
  assert.deepEqual(FS.mounted, ["/home/pyodide", "/mnt/x", "/mnt/x-2"]);
  await disks.takeBack("/mnt/x");
  assert.deepEqual(FS.mounted, ["/home/pyodide", "/mnt/x-2"]);
});

test("a folder that is being given back can be had again at once", async () => {
  const { disks, FS } = await started();
  const one = folder("x");
  await disks.give(one);
  const [, at] = await Promise.all([disks.takeBack("/mnt/x"), disks.give(one)]);
  assert.equal(at, "/mnt/x");
  assert.deepEqual(FS.mounted, ["/home/pyodide", "/mnt/x"]);
});

test("one that may not be read, or is gone, is refused in words", async () => {
  const { disks, FS } = await started();
  const shut = folder("shut", { read: "prompt", readwrite: "prompt" });
  await assert.rejects(disks.give(shut), { code: "bad-request" });
  const gone = folder("gone");
  rmSync(join(path, "gone"), { recursive: true });
  await assert.rejects(disks.give(gone), { code: "bad-request", message: /gone/ });
  assert.deepEqual(FS.mounted, ["/home/pyodide"]);
});

test("a folder of the home has a plain name", async () => {
  const { disks } = await started();
  assert.equal(await disks.give("papers"), "/home/pyodide/papers");
  for (const name of ["", "..", ".amplifier", "a/b", "a\\b"]) {
    await assert.rejects(disks.give(name), { code: "bad-request" });
  }
});
