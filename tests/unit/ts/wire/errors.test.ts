/** What an error says outlives a boundary. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { needRoom } from "../../../../workers/files/locks.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

test("how much room is wanting crosses a boundary as a number", async () => {
  const storage = { estimate: async () => ({ quota: 3e9, usage: 1e9 }) };
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { storage } });
  await needRoom(2e9);
  const thrown = await needRoom(2_000_000_001).catch((error: AlcoveError) => error);
  assert.ok(thrown instanceof AlcoveError);
  const { code, bytes, message } = AlcoveError.from(structuredClone(thrown.toData()));
  assert.deepEqual([code, bytes], ["quota", 2_000_000_001]);
  assert.match(message, /needs 2001 MB/);
  assert.equal("bytes" in new AlcoveError("quota", "full").toData(), false);
});
