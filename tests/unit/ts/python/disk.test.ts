/** A folder of the disk that Python has: nothing is lost, mixed or brought back, whoever else writes there. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, mock, test } from "node:test";
import { SilentDisk } from "../../../../workers/files/silence.ts";
import { Content } from "../../../../workers/python/disk/content.ts";
import { Disk } from "../../../../workers/python/disk/disk.ts";
import { type Entry, type FileEntry, type FolderEntry, find } from "../../../../workers/python/disk/tree.ts";
import { diskFolder } from "../files/disk_folder.ts";

let path: string;
/** What a file of the disk says: node has no reader that does not wait. */
let blobs: WeakMap<Blob, Uint8Array<ArrayBuffer>>;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "alcove-"));
  blobs = new WeakMap();
});
afterEach(() => rmSync(path, { recursive: true }));

const slice = Blob.prototype.slice;
Blob.prototype.slice = function (this: Blob, from = 0, to = this.size) {
  const piece = slice.call(this, from, to);
  const bytes = blobs.get(this);
  if (bytes) blobs.set(piece, bytes.slice(from, to));
  return piece;
};

/** What a tab has of the folder at `path`. */
function tab(readOnly = false) {
  const gone: Entry[] = [];
  const told: string[] = [];
  const disk = new Disk(
    async () => {
      if (!existsSync(path)) throw new DOMException(path, "NotFoundError");
      return knowing(diskFolder(path));
    },
    readOnly,
    {
      readBlob: (blob) => blobs.get(blob) ?? new Uint8Array(),
      onChange: () => undefined,
      onGone: (entry) => gone.push(entry),
      onKept: (paths) => told.push(...paths),
    },
  );
  return { disk, gone, told };
}

type Handle = FileSystemDirectoryHandle;

/** Which file cannot be written for now, without an error. */
let stopAt: { name: string; silence: Promise<void> } | undefined;

/** Remembers what the files hold that it gives. */
function knowing(folder: Handle): Handle {
  const file = (handle: FileSystemFileHandle): FileSystemFileHandle =>
    Object.assign(Object.create(handle), {
      async getFile() {
        const found = await handle.getFile();
        blobs.set(found, new Uint8Array(await found.arrayBuffer()));
        return found;
      },
      async createWritable(options?: FileSystemCreateWritableOptions) {
        if (handle.name === stopAt?.name) await stopAt.silence;
        return handle.createWritable(options);
      },
    });
  return Object.assign(Object.create(folder), {
    getFileHandle: async (name: string, options?: object) => file(await folder.getFileHandle(name, options)),
    getDirectoryHandle: async (name: string, options?: object) =>
      knowing(await folder.getDirectoryHandle(name, options)),
    async *values() {
      for await (const each of folder.values()) {
        yield each.kind === "file" ? file(each as FileSystemFileHandle) : knowing(each as Handle);
      }
    },
  });
}

function write(disk: Disk, at: string, text: string, { append = false } = {}): void {
  const names = at.split("/");
  const name = names.pop() as string;
  let folder = disk.root;
  for (const each of names) {
    folder = (folder.entries.get(each) ?? disk.add(folder, each, "folder")) as FolderEntry;
  }
  const entry = (folder.entries.get(name) ?? disk.add(folder, name, "file")) as FileEntry;
  if (!append) entry.content.resize(0);
  entry.content.write(new TextEncoder().encode(text), entry.content.size, append);
  disk.changed(entry);
}

function read(disk: Disk, at: string): string | undefined {
  const entry = find(disk.root, at);
  if (entry?.kind !== "file") return undefined;
  const bytes = new Uint8Array(entry.content.size);
  entry.content.read(bytes, 0);
  return new TextDecoder().decode(bytes);
}

const onDisk = (at: string): string => readFileSync(join(path, at), "utf8");

test("what is written lies on the disk, and another look finds it", async () => {
  const { disk } = tab();
  write(disk, "a/b/c.txt", "first\n");
  write(disk, "a/b/c.txt", "second\n", { append: true });
  disk.add(disk.root, "empty", "folder");
  assert.equal(disk.waits, true);
  await disk.keep();
  assert.equal(disk.waits, false);
  assert.equal(onDisk("a/b/c.txt"), "first\nsecond\n");
  assert.deepEqual(readdirSync(path).sort(), ["a", "empty"]);
  const other = tab().disk;
  await other.look();
  assert.equal(read(other, "a/b/c.txt"), "first\nsecond\n");
  assert.equal(other.waits, false);
});

test("what comes behind a file comes behind whatever stands there", async () => {
  const [one, two] = [tab().disk, tab().disk];
  write(one, "log", "0\n");
  await one.keep();
  await two.look();
  write(one, "log", "one\n", { append: true });
  write(two, "log", "two\n", { append: true });
  await one.keep();
  await two.keep();
  assert.equal(onDisk("log"), "0\none\ntwo\n");
  assert.equal(read(two, "log"), "0\none\ntwo\n");
  await one.refresh(["log"]);
  assert.equal(read(one, "log"), "0\none\ntwo\n");
});

test("of two that begin the same file by appending both are there", async () => {
  const [one, two] = [tab().disk, tab().disk];
  write(one, "log", "one\n", { append: true });
  write(two, "log", "two\n", { append: true });
  await one.keep();
  await two.keep();
  write(one, "log", "more\n", { append: true });
  await one.keep();
  assert.equal(onDisk("log"), "one\ntwo\nmore\n");
  assert.equal(read(one, "log"), "one\ntwo\nmore\n");
});

test("of two that replace an empty file the last one stays", async () => {
  writeFileSync(join(path, "f"), "");
  const [one, two] = [tab().disk, tab().disk];
  await one.look();
  await two.look();
  write(one, "f", "one");
  write(two, "f", "two");
  await one.keep();
  await two.keep();
  assert.equal(onDisk("f"), "two");
});

test("of two that replace a file the last one stays, whole", async () => {
  const [one, two] = [tab().disk, tab().disk];
  write(one, "f", "x".repeat(1000));
  write(two, "f", "short");
  await Promise.all([one.keep(), two.keep()]);
  assert.ok(["x".repeat(1000), "short"].includes(onDisk("f")));
});

test("what is changed within is written whole", async () => {
  writeFileSync(join(path, "f"), "0123456789");
  const { disk } = tab();
  await disk.look();
  const entry = find(disk.root, "f") as FileEntry;
  entry.content.write(new TextEncoder().encode("AB"), 3, false);
  entry.content.resize(8);
  disk.changed(entry);
  await disk.keep();
  assert.equal(onDisk("f"), "012AB567");
});

test("what Python writes while it is kept is kept the next time", async () => {
  const { disk } = tab();
  write(disk, "log", "a");
  const keeping = disk.keep();
  write(disk, "log", "b", { append: true });
  await keeping;
  await disk.keep();
  write(disk, "log", "c", { append: true });
  const again = disk.keep();
  write(disk, "log", "d", { append: true });
  await again;
  assert.equal(read(disk, "log"), "abcd");
  await disk.keep();
  assert.equal(onDisk("log"), "abcd");
});

test("what was just kept and is changed again meanwhile is written anew", () => {
  const file = (text: string) => {
    const made = new File([text], "log");
    blobs.set(made, new TextEncoder().encode(text));
    return made;
  };
  const text = (content: Content) => {
    const bytes = new Uint8Array(content.size);
    content.read(bytes, 0);
    return new TextDecoder().decode(bytes);
  };
  for (const [change, is] of [
    [(content: Content) => content.write(new TextEncoder().encode("X"), 1, false), "0Xb"],
    [(content: Content) => content.resize(2), "0a"],
  ] as const) {
    const content = new Content((blob) => blobs.get(blob) ?? new Uint8Array(), file("0"));
    content.write(new TextEncoder().encode("ab"), 1, false);
    const unkept = content.unkept();
    change(content);
    assert.equal(content.keptAs(file("0ab"), unkept), false);
    assert.equal(text(content), is);
    const { behind, bytes } = content.unkept();
    assert.deepEqual([behind, new TextDecoder().decode(bytes)], [false, is]);
  }
});

test("moved, also over another and with all that is in it", async () => {
  const { disk } = tab();
  write(disk, "from/a", "A");
  write(disk, "target", "old");
  await disk.keep();
  const [from, target] = [find(disk.root, "from") as Entry, find(disk.root, "target") as Entry];
  disk.move((from as FolderEntry).entries.get("a") as Entry, disk.root, "target");
  disk.move(from, disk.root, "to");
  await disk.keep();
  assert.equal(target.parent?.entries.get("target") === target, false);
  assert.equal(onDisk("target"), "A");
  assert.deepEqual(readdirSync(path).sort(), ["target", "to"]);
});

test("two that change places lose nothing", async () => {
  writeFileSync(join(path, "a"), "A");
  writeFileSync(join(path, "b"), "B");
  const { disk } = tab();
  await disk.look();
  const entry = (name: string) => find(disk.root, name) as Entry;
  disk.move(entry("a"), disk.root, "tmp");
  disk.move(entry("b"), disk.root, "a");
  disk.move(entry("tmp"), disk.root, "b");
  await disk.keep();
  assert.deepEqual([onDisk("a"), onDisk("b")], ["B", "A"]);
  assert.deepEqual(readdirSync(path).sort(), ["a", "b"]);
});

test("of a folder that is moved or taken away what nobody here has seen stays", async () => {
  const { disk } = tab();
  for (const name of ["moved/in/a", "removed/a"]) write(disk, name, "a");
  await disk.keep();
  writeFileSync(join(path, "moved/in/theirs"), "theirs");
  writeFileSync(join(path, "removed/theirs"), "theirs");
  writeFileSync(join(path, "removed/a.crswap"), "half");
  disk.move(find(disk.root, "moved") as Entry, disk.root, "new");
  for (const name of ["removed/a", "removed"]) disk.remove(find(disk.root, name) as Entry);
  await disk.keep();
  assert.deepEqual(
    ["moved/in/theirs", "removed/theirs", "new/in/a"].map((name) => onDisk(name)),
    ["theirs", "theirs", "a"],
  );
  assert.deepEqual(readdirSync(join(path, "moved/in")), ["theirs"]);
  rmSync(join(path, "removed/theirs"));
  await disk.look();
  disk.remove(find(disk.root, "removed") as Entry);
  await disk.keep();
  assert.deepEqual(readdirSync(path).sort(), ["moved", "new"]);
});

test("a folder that somebody took away is not brought back by what was to be written in it", async () => {
  const { disk, gone } = tab();
  write(disk, "session/log", "1\n");
  await disk.keep();
  rmSync(join(path, "session"), { recursive: true });
  write(disk, "session/log", "2\n", { append: true });
  write(disk, "session/new", "n");
  await disk.keep();
  assert.equal(existsSync(join(path, "session")), false);
  assert.equal(find(disk.root, "session"), undefined);
  assert.deepEqual(gone.map(({ name }) => name).sort(), ["log", "new", "session"]);
  assert.equal(disk.waits, false);
});

test("a look finds what others changed, and leaves what is changed here", async () => {
  const { disk } = tab();
  write(disk, "theirs", "1");
  write(disk, "mine", "1");
  write(disk, "gone", "1");
  await disk.keep();
  write(disk, "mine", "2");
  write(disk, "new", "n");
  writeFileSync(join(path, "theirs"), "22");
  writeFileSync(join(path, "mine"), "33");
  rmSync(join(path, "gone"));
  await disk.look();
  assert.deepEqual(
    ["theirs", "mine", "new", "gone"].map((name) => read(disk, name)),
    ["22", "2", "n", undefined],
  );
  disk.remove(find(disk.root, "theirs") as Entry);
  await disk.look();
  assert.equal(find(disk.root, "theirs"), undefined, "what is taken away here does not come back");
  await disk.keep();
  assert.deepEqual([readdirSync(path).sort(), onDisk("mine")], [["mine", "new"], "2"]);
});

test("a file where there was a folder, and the other way round", async () => {
  const { disk } = tab();
  write(disk, "x/y", "1");
  write(disk, "f", "1");
  await disk.keep();
  for (const name of ["x", "f"]) disk.remove(find(disk.root, name) as Entry);
  write(disk, "x", "file");
  write(disk, "f/y", "in it");
  await disk.keep();
  assert.deepEqual([onDisk("x"), onDisk("f/y")], ["file", "in it"]);
});

test("what a killed tab left half is no file", async () => {
  writeFileSync(join(path, "a.crswap"), "half");
  mkdirSync(join(path, "folder"));
  const { disk } = tab();
  await disk.look();
  assert.deepEqual([...disk.root.entries.keys()], ["folder"]);
});

test("what cannot be kept waits, and is kept when it can be", async () => {
  const { disk } = tab();
  write(disk, "a/f", "1");
  rmSync(path, { recursive: true });
  await assert.rejects(disk.keep(), { name: "NotFoundError" });
  assert.equal(disk.waits, true);
  mkdirSync(path);
  await disk.keep();
  assert.equal(onDisk("a/f"), "1");
});

test("a disk that falls silent ends what waits for it; all is kept once it answers again", async () => {
  const { disk, told } = tab();
  for (const name of ["a", "b", "c"]) write(disk, name, name);
  let answers: () => void = () => undefined;
  const silence = new Promise<void>((resolve) => {
    answers = resolve;
  });
  stopAt = { name: "b", silence };
  let now = 0;
  mock.method(performance, "now", () => now);
  mock.timers.enable({ apis: ["setTimeout"] });
  const keeping = assert.rejects(disk.keep(), SilentDisk);
  while (!existsSync(join(path, "b"))) await new Promise(setImmediate);
  for (; now < 70_000; now += 1_000) mock.timers.tick(1_000);
  await keeping;
  assert.deepEqual([disk.waits, told], [true, ["a"]]);
  // Nor does what was asked then write any more, when at last it is answered.
  write(disk, "b", "later");
  stopAt = undefined;
  answers();
  await disk.keep();
  await new Promise(setImmediate);
  assert.deepEqual([onDisk("b"), onDisk("c"), disk.waits], ["later", "c", false]);
  mock.restoreAll();
  mock.timers.reset();
});
