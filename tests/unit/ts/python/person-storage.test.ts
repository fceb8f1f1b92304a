/** What the storage tool keeps: each namespace for itself, within its limits, under whatever name. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, beforeEach, test } from "node:test";
import { storage } from "../../../../workers/python/person-storage.ts";
import { diskFolder } from "../files/disk_folder.ts";

const path = mkdtempSync(join(tmpdir(), "alcove-"));
const root = diskFolder(path);
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: { storage: { getDirectory: async () => root } },
});
Object.assign(globalThis, { FileSystemFileHandle: { prototype: { createSyncAccessHandle: null } } });
beforeEach(() => rmSync(join(path, "storage"), { recursive: true, force: true }));
after(() => rmSync(path, { recursive: true }));

const ask = (action: string, name?: string, text?: string, namespace = "notes") =>
  storage({
    action,
    namespace,
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { text }),
  });

test("what is written is read, appended to, listed and deleted", async () => {
  await ask("write", "a", "one");
  await ask("append", "a", " two");
  await ask("append", "b", "new");
  assert.deepEqual(await ask("read", "a"), { name: "a", text: "one two" });
  await ask("write", "a", "1");
  assert.deepEqual(await ask("list"), {
    entries: [
      { name: "a", bytes: 1 },
      { name: "b", bytes: 3 },
    ],
  });
  await ask("delete", "a");
  await assert.rejects(ask("read", "a"), { code: "bad-request", action: "There is: b." });
});

test("what a killed tab was writing is no entry, and goes with the one that it was to replace", async () => {
  await ask("write", "a", "one");
  const folder = join(path, "storage", "notes");
  writeFileSync(join(folder, "entry-a+"), "hal");
  await ask("write", "a+", "two"); // a name like any other
  const names = ((await ask("list")) as { entries: { name: string }[] }).entries.map(({ name }) => name);
  assert.deepEqual([names, await ask("read", "a")], [["a", "a+"], { name: "a", text: "one" }]);
  await ask("delete", "a");
  assert.deepEqual(readdirSync(folder), ["entry-a%2B"]);
});

test("a namespace sees its own", async () => {
  await ask("write", "a", "one");
  assert.deepEqual(await ask("list", undefined, undefined, "other"), { entries: [] });
  for (const namespace of ["", "..", "a/b", "A", "x".repeat(41)]) {
    await assert.rejects(
      async () => ask("list", undefined, undefined, namespace),
      { code: "bad-request" },
      namespace,
    );
  }
});

test("any name is one, but for none and a very long one", async () => {
  for (const name of ["../up", "a/b:c*?", "\u00fc \u{1f642}", "CON", "."]) {
    await ask("write", name, name);
    assert.deepEqual(await ask("read", name), { name, text: name });
  }
  for (const name of [undefined, "", "  ", "x".repeat(81), "\ud800"]) {
    await assert.rejects(ask("write", name, "x"), { code: "bad-request" }, name);
  }
});

test("what is too much is refused, and what was there stays", async () => {
  await ask("write", "a", "small");
  await assert.rejects(ask("append", "a", "x".repeat(1 << 20)), { code: "quota" });
  assert.deepEqual(await ask("read", "a"), { name: "a", text: "small" });
  for (let i = 0; i < 9; i++) await ask("write", `large ${i}`, "x".repeat(1 << 20));
  await assert.rejects(ask("write", "last", "x".repeat(1 << 20)), { code: "quota" });
});

test("an action that is none", async () => {
  await ask("write", "a", "x");
  await assert.rejects(ask("fly", "a"), { code: "bad-request" });
});
