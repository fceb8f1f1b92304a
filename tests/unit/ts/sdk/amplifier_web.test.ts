/** Upstream's facade before there is anything behind it: here, where no worker starts, `init` fails. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { AmplifierWeb } from "../../../../web/sdk/amplifier-web/amplifier-web.ts";

test("of two calls of init one opens it, and one that failed can be called again", async () => {
  const told: string[] = [];
  const amp = new AmplifierWeb({ onError: ({ code }) => told.push(code) });
  const [one, other] = await Promise.allSettled([amp.init(), amp.init()]);
  assert.deepEqual([one.status, other.status], ["rejected", "rejected"]);
  assert.deepEqual(told.sort(), ["ALREADY_INITIALIZED", "SESSION_CREATE_FAILED"]);
  await assert.rejects(amp.init(), { code: "SESSION_CREATE_FAILED" });
  await amp.dispose();
});
