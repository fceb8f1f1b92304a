/** Who listens, from the moment that they ask for it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Listeners } from "../../../../workers/activity/listeners.ts";
import type { ActivityEvent } from "../../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

function listening(weights: Promise<ArrayBuffer>) {
  const listeners = new Listeners(() => weights);
  const told: ActivityEvent["kind"][] = [];
  const posted: unknown[] = [];
  const port = { postMessage: (what: unknown) => posted.push(what), close: () => posted.push("closed") };
  const { signal } = new AbortController();
  const over = listeners.listen(
    { id: "one", weights: "", port: port as unknown as MessagePort, options: {} },
    { signal, emit: ({ kind }) => told.push(kind) },
  );
  return { listeners, told, posted, over };
}

test("a press and its release count while the network's weights are still on their way", () => {
  const { listeners, told } = listening(new Promise(() => undefined));
  listeners.at("one").hold();
  listeners.at("one").release();
  assert.deepEqual(told, ["started", "dropped"]);
});

test("where the weights cannot be had the microphone is told that nobody listens", async () => {
  const failure = new AlcoveError("download-failed", "Not there.");
  const { listeners, posted, over } = listening(Promise.reject(failure));
  await assert.rejects(over, failure);
  assert.deepEqual(posted, ["close", "closed"]);
  assert.throws(() => listeners.at("one"), { code: "bad-request" });
});
