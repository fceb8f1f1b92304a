/** What lies on the device is told by kind, each byte once, and as that of whom it belongs to. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { measure } from "../../../../web/sdk/store/measure.ts";
import type { LlamaCppModel, WebLlmModel } from "../../../../workers/engine/contract.ts";
import { keyOf } from "../../../../workers/files/file-key.ts";
import { diskFolder } from "../files/disk_folder.ts";
import { FakeCaches } from "../page/fake_caches.ts";

const BASE = "https://a.example/x/";
const path = mkdtempSync(join(tmpdir(), "alcove-"));
const root = {
  getDirectoryHandle: async (name: string) => {
    if (!existsSync(join(path, name))) throw new DOMException(name, "NotFoundError");
    return diskFolder(join(path, name));
  },
};
Object.defineProperty(globalThis, "navigator", {
  configurable: true,
  value: { storage: { getDirectory: async () => root } },
});
const caches = new FakeCaches();
Object.assign(globalThis, { caches });

const report = (models: unknown[] = []) =>
  measure({
    conversations: { list: async () => [] } as never,
    agents: { own: async () => [{ id: "a", name: "Clerk", bytes: 300, added: 7 }] },
    models: async () => models as (LlamaCppModel | WebLlmModel)[],
    base: BASE,
  });

test("wheels are told, a file that two of them need once, and what a crash left too", async () => {
  const folder = join(path, "wheels");
  mkdirSync(folder);
  const files: Record<string, number> = { "a.whl": 10, "b.whl": 20, "both.whl": 30, "left.whl": 40 };
  for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), new Uint8Array(bytes));
  const list = ["a.whl", "b.whl"].map((name) => ({
    name,
    files: [name, "both.whl"].map((file) => ({ name: file, bytes: files[file] })),
    packages: [],
  }));
  writeFileSync(join(folder, "wheels.json"), JSON.stringify(list));
  const { wheels } = (await report()).kinds;
  assert.deepEqual(
    wheels.items.map(({ id, bytes }) => [id, bytes]),
    [
      ["a.whl", 40],
      ["b.whl", 20],
      ["left.whl", 40],
    ],
  );
  assert.equal(wheels.bytes, 100);
});

test("what the storage tool keeps is told, each namespace for itself", async () => {
  for (const [folder, name, bytes] of [
    ["notes", "entry-a%2Fb", 5],
    ["other", "entry-c", 7],
    ["other", "half of something", 9],
  ] as const) {
    mkdirSync(join(path, "storage", folder), { recursive: true });
    writeFileSync(join(path, "storage", folder, name), new Uint8Array(bytes));
  }
  const { items, bytes } = (await report()).kinds.notes;
  assert.deepEqual(items.map(({ id }) => id).sort(), ["notes/a/b", "other/c"]);
  assert.equal(bytes, 12);
});

test("a file of another version of a model is not that model's", async () => {
  const folder = join(path, "models");
  mkdirSync(folder);
  const file = { url: "m.gguf", bytes: 3 };
  const marks = { [keyOf(file, BASE)]: 3, old: 5 };
  for (const [key, bytes] of Object.entries(marks)) {
    writeFileSync(join(folder, `${key}.gguf`), new Uint8Array(bytes));
    writeFileSync(join(folder, `${key}.json`), JSON.stringify({ name: "m.gguf", bytes, model: "m" }));
  }
  const { items } = (await report([{ id: "m", name: "M", engine: "llamacpp", files: [file] }])).kinds.models;
  assert.deepEqual(
    items.map(({ id, name, model }) => [id, name, model]).sort(),
    [
      [keyOf(file, BASE), "M", "m"],
      ["old", "m.gguf", undefined],
    ].sort(),
  );
});

test("a file that two models share is the whole one's, and counts once", async () => {
  const file = (url: string) => ({ url, bytes: 1 });
  const model = (id: string) => ({ id, name: id, engine: "llamacpp", files: [file(id), file("shared")] });
  const lay = (url: string, more: object) => {
    const name = join(path, "models", keyOf(file(url), BASE));
    writeFileSync(`${name}.gguf`, new Uint8Array(7));
    writeFileSync(`${name}.json`, JSON.stringify({ name: url, bytes: 7, ...more }));
  };
  lay("small", { model: "small", damaged: true });
  lay("large", { model: "large" });
  lay("shared", { model: "small" });
  const { items } = (await report([model("small"), model("large")])).kinds.models;
  const ours = items.filter(({ bytes }) => bytes === 7).map(({ model, damaged }) => [model, damaged]);
  assert.deepEqual(ours.sort(), [
    ["large", undefined],
    ["large", undefined],
    ["small", true],
  ]);
});

test("the saved builds of another Alcove on this origin are not ours", async () => {
  for (const scope of ["https://a.example/", BASE]) await caches.open(`alcove ${scope} 1`);
  assert.deepEqual(
    (await report()).kinds.app.items.map(({ id }) => id),
    [`alcove ${BASE} 1`],
  );
});

test("agents are told as they lie here", async () => {
  const { agents } = (await report()).kinds;
  assert.deepEqual(agents, { bytes: 300, items: [{ id: "a", name: "Clerk", bytes: 300, changed: 7 }] });
});
