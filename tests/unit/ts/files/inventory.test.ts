/** What lies in the folder of the models, whatever a crash left there, is told and can be deleted. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inventory, removeWhole } from "../../../../workers/files/inventory.ts";
import { readJson, writeJson } from "../../../../workers/files/opfs.ts";
import { diskFolder } from "./disk_folder.ts";

test("a file whose mark was cut is told as damaged, and goes", async () => {
  const path = mkdtempSync(join(tmpdir(), "alcove-"));
  const folder = diskFolder(path);
  writeFileSync(join(path, "abc.gguf"), "GGUF");
  for (const cut of ["", '{"name": "a']) {
    writeFileSync(join(path, "abc.json"), cut);
    const { whole } = await inventory(folder);
    assert.deepEqual(whole, [{ key: "abc", name: "abc", bytes: 4, damaged: true }]);
  }
  await removeWhole(folder, "abc");
  assert.deepEqual(readdirSync(path), []);
});

test("a mark that does not fit on the disk leaves the one that was there", async () => {
  const path = mkdtempSync(join(tmpdir(), "alcove-"));
  const folder = diskFolder(path);
  await writeJson(folder, "a.json", { name: "old" });
  full(folder);
  await assert.rejects(writeJson(folder, "a.json", { name: "new" }), { name: "QuotaExceededError" });
  assert.deepEqual(await readJson(folder, "a.json"), { name: "old" });
  assert.deepEqual(readdirSync(path), ["a.json"]);
});

test("a mark that a killed tab was writing is the old one still", async () => {
  const path = mkdtempSync(join(tmpdir(), "alcove-"));
  const folder = diskFolder(path);
  await writeJson(folder, "a.json", { name: "old" });
  writeFileSync(join(path, "a.json+"), '{"na');
  assert.deepEqual(await readJson(folder, "a.json"), { name: "old" });
  assert.deepEqual(await inventory(folder), { whole: [], halves: [] });
  await writeJson(folder, "a.json", { name: "new" });
  assert.deepEqual(await readJson(folder, "a.json"), { name: "new" });
  assert.deepEqual(readdirSync(path), ["a.json"]);
});

/** From now on the disk takes all but the last byte. */
function full(folder: FileSystemDirectoryHandle): void {
  const getFileHandle = folder.getFileHandle.bind(folder);
  folder.getFileHandle = async (...asked) => {
    const handle = await getFileHandle(...asked);
    const open = handle.createSyncAccessHandle.bind(handle);
    handle.createSyncAccessHandle = async () => {
      const access = await open();
      const write = access.write.bind(access);
      access.write = (bytes, at) => write((bytes as Uint8Array<ArrayBuffer>).subarray(0, -1), at);
      return access;
    };
    return handle;
  };
}
