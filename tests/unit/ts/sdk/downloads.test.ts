/** The queue of downloads: its states, what outlives a page, and two tabs of one browser. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import type { Download } from "../../../../web/sdk/models/download.ts";
import { Downloads } from "../../../../web/sdk/models/downloads.ts";
import { leastUsed } from "../../../../web/sdk/models/usage.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";
import type { LoadProgress } from "../../../../workers/engine/contract.ts";
import { INTERRUPTED } from "../../../../workers/files/interrupted.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { TabLocks } from "./tab_locks.ts";

/** A fetch that the test moves by hand. */
class Fetch {
  readonly signal: AbortSignal;
  readonly tell: (progress: LoadProgress) => void;
  readonly promise: Promise<void>;
  done!: () => void;
  fail!: (error: AlcoveError) => void;

  constructor(tell: (progress: LoadProgress) => void, signal: AbortSignal) {
    this.tell = tell;
    this.signal = signal;
    this.promise = new Promise((resolve, reject) => {
      this.done = resolve;
      this.fail = reject;
    });
    signal.addEventListener("abort", () => this.fail(new AlcoveError("cancelled", "Stopped.")));
  }

  came(bytes: number, total = 100): void {
    this.tell({ stage: "downloading", bytes, total });
  }
}

class Tab {
  readonly fetches = new Map<string, Fetch>();
  readonly discarded: string[] = [];
  readonly downloads: Downloads;

  constructor(settings: Settings, againMs = 60_000) {
    this.downloads = new Downloads({
      settings,
      againMs,
      fetch: (id, { onProgress, signal }) => {
        const fetch = new Fetch(onProgress, signal);
        this.fetches.set(id, fetch);
        return fetch.promise;
      },
      discard: async (id) => void this.discarded.push(id),
      nameOf: async (id) => `Model ${id}`,
      onChange: () => undefined,
    });
    tabs.push(this);
  }

  of(id: string): Download | undefined {
    return this.downloads.list.find((download) => download.id === id);
  }

  state(id: string): string {
    const { state, why, elsewhere } = this.of(id) ?? {};
    return [state, why, elsewhere ? "elsewhere" : ""].filter(Boolean).join(" ");
  }

  start(id: string): Promise<string> {
    return this.downloads.start(id).then(
      () => "whole",
      (error) => (error as AlcoveError).code,
    );
  }

  async fetching(id: string): Promise<Fetch> {
    await until(() => this.fetches.has(id));
    return this.fetches.get(id) as Fetch;
  }
}

let tabs: Tab[] = [];
let settings: Settings;
const events = new EventTarget();

beforeEach(() => {
  settings = new Settings(null);
  Object.defineProperty(globalThis, "navigator", { value: { locks: new TabLocks() }, configurable: true });
  for (const name of ["addEventListener", "removeEventListener"] as const) {
    Object.defineProperty(globalThis, name, { value: events[name].bind(events), configurable: true });
  }
});
afterEach(() => {
  for (const { downloads } of tabs) downloads.close();
  tabs = [];
});

async function until(look: () => boolean): Promise<void> {
  for (let i = 0; !look(); i++) {
    assert.ok(i < 2_000, `never: ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

test("one moves, the next waits for it, and the amounts are told", async () => {
  const tab = new Tab(settings);
  const [first, second] = [tab.start("a"), tab.start("b")];
  const a = await tab.fetching("a");
  assert.deepEqual([tab.state("a"), tab.state("b")], ["running", "queued"]);
  a.came(40);
  assert.deepEqual([tab.of("a")?.bytes, tab.of("a")?.total], [40, 100]);
  a.tell({ stage: "waiting", bytes: 40, total: 100, until: 99 });
  assert.equal(tab.of("a")?.waitsUntil, 99);
  a.came(50);
  assert.equal(tab.of("a")?.waitsUntil, undefined);
  a.done();
  assert.equal(await first, "whole");
  assert.equal(tab.state("a"), "done");
  (await tab.fetching("b")).done();
  assert.equal(await second, "whole");
});

test("asking again joins what is under way", async () => {
  const tab = new Tab(settings);
  const both = [tab.start("a"), tab.start("a")];
  (await tab.fetching("a")).done();
  assert.deepEqual(await Promise.all(both), ["whole", "whole"]);
  assert.equal(tab.fetches.size, 1);
});

test("paused, it goes on when asked; cancelled, nothing is left of it", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  (await tab.fetching("a")).came(40);
  await tab.downloads.pause("a");
  assert.equal(await first, "cancelled");
  assert.equal(tab.state("a"), "paused person");
  tab.fetches.clear();
  const second = tab.start("a");
  await tab.fetching("a");
  assert.equal(tab.of("a")?.bytes, 40);
  await tab.downloads.cancel("a");
  assert.equal(await second, "cancelled");
  assert.deepEqual([tab.discarded, tab.downloads.list], [["a"], []]);
  assert.deepEqual(new Tab(settings).downloads.list, []);
});

test("an abort pauses, also of one that waits its turn", async () => {
  const tab = new Tab(settings);
  void tab.start("a");
  await tab.fetching("a");
  const stop = new AbortController();
  const waiting = tab.downloads.start("b", { signal: stop.signal }).catch((error: AlcoveError) => error.code);
  await until(() => tab.state("b") === "queued");
  stop.abort();
  assert.equal(await waiting, "cancelled");
  assert.equal(tab.state("b"), "paused person");
});

test("without a network it rests, and goes on when there is one", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  (await tab.fetching("a")).fail(new AlcoveError("download-failed", INTERRUPTED));
  assert.equal(await first, "download-failed");
  assert.equal(tab.state("a"), "paused network");
  assert.equal(tab.of("a")?.error?.message, INTERRUPTED);
  tab.fetches.clear();
  events.dispatchEvent(new Event("online"));
  (await tab.fetching("a")).done();
  await until(() => tab.state("a") === "done");
  assert.equal(tab.of("a")?.error, undefined);
});

test("where the browser sees a network all the same, it is tried again, also after a reload", async () => {
  const tab = new Tab(settings, 1);
  const first = tab.start("a");
  (await tab.fetching("a")).fail(new AlcoveError("download-failed", INTERRUPTED));
  assert.equal(await first, "download-failed");
  tab.fetches.clear();
  (await tab.fetching("a")).fail(new AlcoveError("download-failed", INTERRUPTED));
  await until(() => tab.state("a") === "paused network");
  tab.downloads.close();
  const later = new Tab(settings, 1);
  (await later.fetching("a")).done();
  await until(() => later.state("a") === "done");
});

test("a page that closes stops its downloads in our own words", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  await tab.fetching("a");
  tab.downloads.close();
  assert.equal(await first, "cancelled");
});

test("a model that is removed is not fetched any further", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  await tab.fetching("a");
  await tab.downloads.drop("a");
  assert.equal(await first, "cancelled");
  assert.equal(tab.of("a"), undefined);
});

test("what fails says why, and the next one goes on", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  const second = tab.start("b");
  (await tab.fetching("a")).fail(new AlcoveError("integrity", "Another file."));
  assert.equal(await first, "integrity");
  assert.equal(tab.state("a"), "failed");
  (await tab.fetching("b")).done();
  assert.equal(await second, "whole");
});

test("a worker that went away takes no download with it", async () => {
  const tab = new Tab(settings);
  const first = tab.start("a");
  (await tab.fetching("a")).fail(new AlcoveError("cancelled", "The model was unloaded."));
  tab.fetches.clear();
  (await tab.fetching("a")).done();
  assert.equal(await first, "whole");
});

test("after a reload what was under way is paused, and what failed still says why", async () => {
  const tab = new Tab(settings);
  void tab.start("a");
  const failing = tab.start("b");
  (await tab.fetching("a")).came(30);
  await tab.downloads.pause("a");
  (await tab.fetching("b")).fail(new AlcoveError("download-failed", "Gone."));
  await failing;
  // As a tab that died in the middle leaves it.
  const torn = { id: "c", name: "C", state: "running", bytes: 7, total: 9, secondsLeft: 3, elsewhere: false };
  await settings.update<object>("downloads", (kept) => ({ ...kept, c: torn }));
  const later = new Tab(settings);
  await until(() => later.downloads.list.length === 3);
  assert.deepEqual(
    ["a", "b", "c"].map((id) => later.state(id)),
    ["paused person", "failed", "paused closed"],
  );
  assert.equal(later.of("a")?.bytes, 30);
  assert.equal(later.of("b")?.error?.message, "Gone.");
});

test("two tabs fetch a model once: the other follows, stops it, and goes on where it died", async () => {
  const [here, there] = [new Tab(settings), new Tab(settings)];
  void here.start("a");
  const fetch = await here.fetching("a");
  const following = there.start("a");
  await until(() => there.state("a") === "running elsewhere");
  fetch.came(70);
  await until(() => there.of("a")?.bytes === 70);
  assert.equal(there.fetches.size, 0);
  await there.downloads.pause("a");
  assert.equal(await following, "cancelled");
  await until(() => here.state("a") === "paused person" && there.state("a") === "paused person");

  here.fetches.clear();
  void here.start("a");
  await here.fetching("a");
  await until(() => there.state("a").endsWith("elsewhere"));
  (globalThis.navigator.locks as unknown as TabLocks).die("alcove-download-a");
  await until(() => there.state("a") === "paused closed");
  void there.start("a");
  (await there.fetching("a")).done();
  await until(() => there.state("a") === "done");
});

test("a tab that asks for the same is told when it is whole", async () => {
  const [here, there] = [new Tab(settings), new Tab(settings)];
  const first = here.start("a");
  const fetch = await here.fetching("a");
  const second = there.start("a");
  await until(() => there.state("a") === "running elsewhere");
  fetch.done();
  assert.equal(await first, "whole");
  // Its files are looked at once more, which is a moment's work.
  (await there.fetching("a")).done();
  assert.equal(await second, "whole");
});

test("what could go is what was used longest ago, and neither pinned nor loaded", () => {
  const model = (id: string, lastUsed: number, pinned = false) => ({ id, lastUsed, pinned, bytes: 10 });
  const models = [model("a", 3), model("b", 1), model("c", 0, true), model("d", 2), model("e", 0)];
  const ids = (bytes: number) => leastUsed(models, bytes, new Set(["e"])).map(({ id }) => id);
  assert.deepEqual([ids(0), ids(1), ids(11), ids(99)], [[], ["b"], ["b", "d"], ["b", "d", "a"]]);
});
