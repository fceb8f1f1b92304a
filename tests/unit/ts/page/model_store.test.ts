/** Downloads as the page follows them: under way, cancelled, failed, done. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ModelStore } from "../../../../web/page/state/model-store.ts";
import type { Alcove } from "../../../../web/sdk/index.ts";
import type { LoadProgress } from "../../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

type Options = { onProgress: (progress: LoadProgress) => void; signal: AbortSignal };

/** A models over models whose download ends as `work` does. */
function modelsOver(
  work: (options: Options) => Promise<void>,
  list = async () => [] as unknown[],
): ModelStore {
  const models = { list, download: (_id: string, options: Options) => work(options), remove: async () => {} };
  const preference = { get: async () => "m", set: async () => {} };
  return new ModelStore(Promise.resolve({ models, preference } as unknown as Alcove));
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(new AlcoveError("cancelled", "Stopped.")));
  });

test("a download is followed until it is done, and the list is read anew", async () => {
  const seen: (number | undefined)[] = [];
  const models = modelsOver(async ({ onProgress }) => {
    onProgress({ stage: "downloading", bytes: 5, total: 10 });
  });
  models.addEventListener("change", () => seen.push(models.moving.get("m")?.progress?.bytes));
  await models.download("m");
  assert.ok(seen.includes(5));
  assert.equal(models.moving.size, 0);
  assert.deepEqual(models.entries, []);
  assert.equal(models.preferred, "m");
});

test("a second download of the same model joins the first", async () => {
  let started = 0;
  const models = modelsOver(({ signal }) => {
    started += 1;
    return untilAborted(signal);
  });
  const first = models.download("m");
  await models.download("m");
  models.cancel("m");
  await first;
  assert.equal(started, 1);
});

test("a cancel is no failure", async () => {
  const models = modelsOver(({ signal }) => untilAborted(signal));
  const done = models.download("m");
  await Promise.resolve();
  models.cancel("m");
  await done;
  assert.equal(models.failures.size, 0);
  assert.equal(models.moving.size, 0);
});

test("what failed is told until the next try", async () => {
  let fails = true;
  const models = modelsOver(async () => {
    if (fails) throw new AlcoveError("quota", "There is no room left.");
  });
  await models.download("m");
  assert.equal(models.failures.get("m")?.code, "quota");
  fails = false;
  await models.download("m");
  assert.equal(models.failures.size, 0);
});

test("a list that cannot be read is a failure that a second look may end", async () => {
  let fails = true;
  const models = modelsOver(
    async () => {},
    async () => {
      if (fails) throw new AlcoveError("timeout", "No answer.");
      return [];
    },
  );
  await models.refresh();
  assert.equal(models.failure?.code, "timeout");
  assert.equal(models.entries, null);
  fails = false;
  await models.refresh();
  assert.equal(models.failure, null);
  assert.deepEqual(models.entries, []);
});
