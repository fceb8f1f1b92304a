import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import type { AlcoveError } from "../../../../workers/wire/errors.ts";
import { type NoArgs, type Operation, RpcClient, serve } from "../../../../workers/wire/rpc.ts";
import { installFakeLocks } from "./fake_locks.ts";

type TestProtocol = {
  echo: Operation<{ text: string }, string>;
  wait: Operation<NoArgs, void>;
};

after(installFakeLocks().closeAll);
// A line is a BroadcastChannel, of those that the test closes at its end.
const { openDoor, openLine } = await import("../../../../workers/wire/line.ts");

let door = "";
beforeEach(() => {
  door = `door ${crypto.randomUUID()}`;
});

/** A worker behind the door; `stopped` counts the calls that it was told to stop. */
function worker() {
  const seen = { stopped: 0, lines: [] as number[] };
  const answer = (line: Parameters<typeof serve>[0]) =>
    serve<TestProtocol>(line, {
      echo: ({ text }) => text,
      wait: (_, { signal }) =>
        new Promise<void>((resolve) =>
          signal.addEventListener("abort", () => {
            seen.stopped += 1;
            resolve();
          }),
        ),
    });
  openDoor(door, answer, (open) => seen.lines.push(open));
  return seen;
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
};

test("a line leads to the worker, whichever of them comes first", async () => {
  const early = new AbortController();
  const before = new RpcClient<TestProtocol>(openLine(door, early.signal));
  const first = before.call("echo", { text: "one" });
  worker();
  assert.equal(await first, "one");
  const late = new AbortController();
  const after = new RpcClient<TestProtocol>(openLine(door, late.signal));
  assert.equal(await after.call("echo", { text: "two" }), "two");
  assert.equal(await before.call("echo", { text: "three" }), "three");
  early.abort();
  late.abort();
});

test("the end of a line stops what runs for it, and nothing else", async () => {
  const seen = worker();
  const [one, other] = [new AbortController(), new AbortController()];
  const left = new RpcClient<TestProtocol>(openLine(door, one.signal));
  const stays = new RpcClient<TestProtocol>(openLine(door, other.signal));
  await left.call("echo", { text: "here" });
  await stays.call("echo", { text: "here" });
  left.call("wait", {}).catch(() => undefined);
  const kept = stays.call("wait", {});
  kept.catch(() => undefined);
  await left.call("echo", { text: "waiting" });
  one.abort();
  await until(() => seen.stopped === 1);
  assert.deepEqual(seen.lines, [1, 2, 1]);
  assert.equal(await stays.call("echo", { text: "still" }), "still");
  assert.equal(seen.stopped, 1);
  other.abort();
  await until(() => seen.lines.at(-1) === 0);
});

test("a line that nobody opened ends with its signal", async () => {
  const stop = new AbortController();
  const line = openLine(door, stop.signal);
  stop.abort();
  await assert.rejects(line, (error: AlcoveError) => error.code === "cancelled");
});
