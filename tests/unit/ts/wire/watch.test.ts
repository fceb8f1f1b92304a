/** The dead man's switch. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Watch } from "../../../../workers/wire/watch.ts";

const after = (ms: number) => new Promise<string>((resolve) => setTimeout(() => resolve("done"), ms));

test("work that ends in time is passed on, and its failure too", async () => {
  assert.equal(await new Watch().race(after(1), 1000), "done");
  await assert.rejects(new Watch().race(Promise.reject(new Error("no")), 1000), /no/);
});

test("a step without a sign of life is its death, for good", async () => {
  const watch = new Watch();
  await assert.rejects(watch.race(after(5000), 10), { code: "engine-crashed" });
  await assert.rejects(watch.race(after(1), 1000), { code: "engine-crashed" });
});

test("a step may have the limit that its kind of work needs", async () => {
  const watch = new Watch();
  let limit = 3000;
  const work = watch.race(after(5000), 5000, () => limit);
  watch.beat();
  limit = 20;
  setTimeout(() => watch.beat(), 100);
  const began = performance.now();
  await assert.rejects(work, { code: "engine-crashed" });
  const ms = performance.now() - began;
  assert.ok(ms > 90 && ms < 3000, `${ms}`);
});
