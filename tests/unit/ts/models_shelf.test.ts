/** Downloads as the page follows them: under way, cancelled, failed, done. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove } from "../../../web/alcove.ts";
import { Shelf } from "../../../web/models/shelf.ts";
import type { LoadProgress } from "../../../workers/shared/engine.ts";
import { AlcoveError } from "../../../workers/shared/errors.ts";

type Options = { onProgress: (progress: LoadProgress) => void; signal: AbortSignal };

/** A shelf over models whose download ends as `work` does. */
function shelfOver(work: (options: Options) => Promise<void>, list = async () => [] as unknown[]): Shelf {
  const models = { list, download: (_id: string, options: Options) => work(options), remove: async () => {} };
  const preference = { get: async () => "m", set: async () => {} };
  return new Shelf(Promise.resolve({ models, preference } as unknown as Alcove));
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new AlcoveError("cancelled", "Stopped.")));
  });

test("a download is followed until it is done, and the list is read anew", async () => {
  const seen: (number | undefined)[] = [];
  const shelf = shelfOver(async ({ onProgress }) => {
    onProgress({ stage: "downloading", bytes: 5, total: 10 });
  });
  shelf.addEventListener("change", () => seen.push(shelf.moving.get("m")?.progress?.bytes));
  await shelf.download("m");
  assert.ok(seen.includes(5));
  assert.equal(shelf.moving.size, 0);
  assert.deepEqual(shelf.entries, []);
  assert.equal(shelf.preferred, "m");
});

test("a second download of the same model joins the first", async () => {
  let started = 0;
  const shelf = shelfOver(({ signal }) => {
    started += 1;
    return untilAborted(signal);
  });
  const first = shelf.download("m");
  await shelf.download("m");
  shelf.cancel("m");
  await first;
  assert.equal(started, 1);
});

test("a cancel is no failure", async () => {
  const shelf = shelfOver(({ signal }) => untilAborted(signal));
  const done = shelf.download("m");
  await Promise.resolve();
  shelf.cancel("m");
  await done;
  assert.equal(shelf.failures.size, 0);
  assert.equal(shelf.moving.size, 0);
});

test("what failed is told until the next try", async () => {
  let fails = true;
  const shelf = shelfOver(async () => {
    if (fails) throw new AlcoveError("quota", "There is no room left.");
  });
  await shelf.download("m");
  assert.equal(shelf.failures.get("m")?.code, "quota");
  fails = false;
  await shelf.download("m");
  assert.equal(shelf.failures.size, 0);
});

test("a list that cannot be read is a failure that a second look may end", async () => {
  let fails = true;
  const shelf = shelfOver(
    async () => {},
    async () => {
      if (fails) throw new AlcoveError("timeout", "No answer.");
      return [];
    },
  );
  await shelf.refresh();
  assert.equal(shelf.failure?.code, "timeout");
  assert.equal(shelf.entries, null);
  fails = false;
  await shelf.refresh();
  assert.equal(shelf.failure, null);
  assert.deepEqual(shelf.entries, []);
});
