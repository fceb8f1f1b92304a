/** The state behind the Storage tab, over an Alcove that is played. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { ADDED, BROUGHT, DeviceStore } from "../../../../web/page/storage/device-store.ts";
import type { Alcove, Download, ImportReport } from "../../../../web/sdk/index.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const ITEMS = [
  { id: "1", name: "whole", bytes: 1, model: "m" },
  { id: "2", name: "coming", bytes: 1, model: "c" },
  { id: "3", name: "set aside", bytes: 1, model: "d", damaged: true },
  { id: "4", name: "of nobody", bytes: 1 },
];
const HALVES = [
  { id: "5", name: "waits", bytes: 1 },
  { id: "6", name: "moves", bytes: 1, model: "c" },
];
const KINDS = { models: { bytes: 4, items: ITEMS }, halves: { bytes: 2, items: HALVES } };

class PlayedModels extends EventTarget {
  downloads: Partial<Download>[] = [];
  entries = [{ id: "m", cached: true, verified: "unknown" }];
  asked: [string, ...unknown[]][] = [];
  lists = 0;
  work: (signal: AbortSignal) => Promise<void> = async () => {};
  async list() {
    this.lists += 1;
    return this.entries;
  }
  async suggestRemoval(bytes: number) {
    this.asked.push(["suggest", bytes]);
    return this.entries;
  }
  async verify(id: string, { signal }: { signal: AbortSignal }) {
    this.asked.push(["verify", id]);
    await this.work(signal);
  }
  async importFile(files: File[], { signal }: { signal: AbortSignal }) {
    this.asked.push(["import", files.length]);
    await this.work(signal);
  }
  async remove(id: string) {
    this.asked.push(["remove", id]);
    if (id === "stuck") throw new AlcoveError("busy", "It is in use.");
  }
  async download(id: string, { acceptChanged }: { acceptChanged: boolean }) {
    this.asked.push(["download", id, acceptChanged]);
    throw new AlcoveError(id === "unlisted" ? "model-not-found" : "download-failed", "No.");
  }
}

/** What a file of conversations brings, by its name. */
const FILES: Record<string, ImportReport> = {
  whole: { added: ["a", "b"], skipped: [], refused: [] },
  known: { added: [], skipped: ["c"], refused: [] },
  mixed: { added: ["d"], skipped: [], refused: [{ title: "", reason: "It has no messages." }] },
};
const conversations = {
  async import({ name }: File) {
    const report = FILES[name];
    if (!report) throw new AlcoveError("bad-request", "It is not JSON.", { action: "Choose another." });
    return report;
  },
};

let models: PlayedModels;
let report: { quota: number | null; usage: number | null };
let promised: boolean;
let left: AbortController;
let store: DeviceStore;

beforeEach(async () => {
  Object.assign(globalThis, { document: new EventTarget() });
  models = new PlayedModels();
  report = { quota: 100e9, usage: 1 };
  promised = true;
  const storage = { report: async () => ({ kinds: KINDS, ...report }), persist: async () => promised };
  left = new AbortController();
  store = new DeviceStore(Promise.resolve({ models, storage, conversations } as unknown as Alcove));
  await store.watch(left.signal);
});
afterEach(() => {
  left.abort();
  Reflect.deleteProperty(globalThis, "document");
});

test("where there is room nothing is suggested, where it is short the models that rest", async () => {
  assert.equal(store.suggested.length, 0);
  report = { quota: 100e9, usage: 99.9e9 };
  await store.refresh();
  assert.deepEqual(models.asked, [["suggest", 400e6]]);
  assert.equal(store.suggested[0]?.id, "m");
});

test("downloads are followed; one that came is off the list, and everything is measured anew", async () => {
  const running = { id: "d", state: "running" } as const;
  models.downloads = [running];
  models.dispatchEvent(new Event("downloads"));
  assert.deepEqual(store.downloads, [running]);
  const before = models.lists;
  models.downloads = [{ ...running, state: "done" }];
  models.dispatchEvent(new Event("downloads"));
  assert.deepEqual(store.downloads, []);
  await store.refresh();
  assert.ok(models.lists > before);
});

test("files rest that belong to no model that is here or on its way", () => {
  models.downloads = [{ id: "c", state: "running" }];
  models.dispatchEvent(new Event("downloads"));
  assert.deepEqual(
    store.lost.map(({ name }) => name),
    ["set aside", "of nobody"],
  );
  assert.deepEqual(
    store.halves.map(({ name }) => name),
    ["waits"],
  );
});

test("a failed download tells itself, and may take a changed file only where nobody published a hash", async () => {
  await store.resume("m", true);
  assert.deepEqual(models.asked, [["download", "m", true]]);
  assert.equal(store.failures.size, 0);
  const failed = { id: "m", state: "failed", error: { code: "integrity" } } as Download;
  assert.ok(store.changed(failed));
  assert.ok(!store.changed({ ...failed, error: { code: "quota" } } as Download));
  models.entries = [{ id: "m", cached: false, verified: "published" }];
  await store.refresh();
  assert.ok(!store.changed(failed));
});

test("what cannot be downloaded is not offered, or says so", async () => {
  await store.resume("unlisted");
  assert.equal(store.failures.get("unlisted")?.code, "model-not-found");
  assert.ok(store.comesAgain("m"));
  models.entries = [{ id: "m", cached: false, verified: "own" }];
  await store.refresh();
  assert.deepEqual([store.comesAgain("m"), store.comesAgain("unlisted")], [false, false]);
});

test("a check is stopped without a failure, and one that finds the file changed says so", async () => {
  models.work = (signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new AlcoveError("cancelled", "Stopped.")));
    });
  const stopped = store.verify("m");
  assert.ok(store.moving.has("m"));
  await Promise.resolve().then(() => undefined);
  store.stop("m");
  await stopped;
  assert.equal(store.failures.size, 0);
  assert.ok(!store.sound.has("m"));
  models.work = async () => {};
  await store.verify("m");
  assert.ok(store.sound.has("m"));
  models.work = async () => {
    throw new AlcoveError("integrity", "It changed.");
  };
  await store.verify("m");
  assert.ok(!store.sound.has("m"));
  assert.equal(store.failures.get("m")?.message, "It changed.");
});

test("all files of an import go together, and what fails is told beside it", async () => {
  models.work = async () => {
    throw new AlcoveError("model-invalid", "Part 2 of 3 is missing.");
  };
  await store.add([new File([], "a"), new File([], "b")]);
  assert.deepEqual(models.asked, [["import", 2]]);
  assert.equal(store.failures.get(ADDED)?.message, "Part 2 of 3 is missing.");
  assert.equal(store.moving.size, 0);
});

test("of conversations that came the first is shown; where something was not taken, that is told instead", async () => {
  const bring = (...names: string[]) => store.bring(names.map((name) => new File([], name)));
  assert.equal(await bring("known", "whole"), "a");
  assert.deepEqual(store.imported, { added: ["a", "b"], skipped: ["c"], refused: [] });
  assert.equal(await bring("known"), undefined);
  assert.equal(await bring("mixed"), undefined);
  assert.equal(store.imported?.refused.length, 1);
  assert.equal(await bring("whole", "broken"), undefined);
  assert.deepEqual(store.imported?.added, ["a", "b"]);
  assert.equal(store.failures.get(BROUGHT)?.code, "bad-request");
  assert.equal(await bring("whole"), "a");
  assert.ok(!store.failures.has(BROUGHT) && !store.importing);
});

test("of several models the others go, though one cannot", async () => {
  await store.remove(["stuck", "m"]);
  assert.deepEqual(models.asked, [
    ["remove", "stuck"],
    ["remove", "m"],
  ]);
  assert.equal(store.failures.get("stuck")?.code, "busy");
  assert.ok(!store.failures.has("m"));
});

test("a browser that promises nothing is no failure, but is told", async () => {
  promised = false;
  await store.persist();
  assert.ok(store.refused);
  promised = true;
  await store.persist();
  assert.ok(!store.refused);
});

test("nothing is heard any more once the tab was left", async () => {
  left.abort();
  models.downloads = [{ id: "d", state: "running" }];
  models.dispatchEvent(new Event("downloads"));
  assert.deepEqual(store.downloads, []);
});
