/** What lies in the folder of the models, whatever a crash left there, is told and can be deleted. */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { inventory, removeWhole } from "../../../../workers/files/inventory.ts";
import { writeJson } from "../../../../workers/files/opfs.ts";
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

test("a mark that does not fit on the disk is no mark", async () => {
  const removed: string[] = [];
  const folder = {
    getFileHandle: async () => ({
      createSyncAccessHandle: async () => ({
        truncate: () => undefined,
        write: (bytes: Uint8Array) => bytes.length - 1,
        flush: () => undefined,
        close: () => undefined,
      }),
    }),
    removeEntry: async (name: string) => void removed.push(name),
  } as never;
  await assert.rejects(writeJson(folder, "a.json", {}), { name: "QuotaExceededError" });
  assert.deepEqual(removed, ["a.json"]);
});
