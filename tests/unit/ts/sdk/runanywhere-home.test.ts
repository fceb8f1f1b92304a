/** Which Alcove RunAnywhere's names sit on, from one end to the next beginning. */
import assert from "node:assert/strict";
import { test } from "node:test";

Object.assign(globalThis, { __BUILD__: {} });
const { Alcove } = await import("../../../../web/sdk/alcove.ts");
const { home } = await import("../../../../web/sdk/runanywhere/home.ts");
const { RunAnywhere } = await import("../../../../web/sdk/runanywhere/sdk.ts");

test("who initializes at once after a shutdown has a new Alcove, and the one before is closed", async () => {
  const opened: { closed: boolean }[] = [];
  Alcove.open = (async () => {
    const alcove = {
      closed: false,
      close: () => {
        alcove.closed = true;
      },
    };
    opened.push(alcove);
    return alcove;
  }) as never;
  await RunAnywhere.initialize();
  RunAnywhere.shutdown();
  const initializing = RunAnywhere.initialize();
  const given = await home();
  await initializing;
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(given, opened[1]);
  assert.deepEqual(
    opened.map(({ closed }) => closed),
    [true, false],
  );
});
