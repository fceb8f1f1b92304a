/** Frames to a ViLA server: the newest only, in order, and none that pile up. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Frame } from "../../../../workers/vila/protocol.ts";
import { Sender } from "../../../../workers/vila/sender.ts";

const rest = () => new Promise((resolve) => setImmediate(resolve));

function lab() {
  const sent: { timestamp: number; frame: string }[] = [];
  const connection = { free: true, send: (text: string) => void sent.push(JSON.parse(text)) };
  const encodings: { done: (text: string) => void; fail: () => void }[] = [];
  let wanted = 0;
  const encode = () =>
    new Promise<string>((done, fail) => encodings.push({ done, fail: () => fail(new Error("no JPEG")) }));
  const request = { url: "ws://127.0.0.1", fps: 30, width: 640, height: 480, quality: 70 };
  const sender = new Sender(request, connection, encode, () => {
    wanted += 1;
  });
  const bring = (at = 0) => sender.take({} as Frame, at);
  return { sender, sent, connection, encodings, bring, wanted: () => wanted };
}

test("a frame is what ViLA wants: the time in seconds, and the JPEG", async () => {
  const { sender, sent, encodings, bring } = lab();
  sender.tick(0);
  bring(1_500);
  encodings[0]?.done("/9j/");
  await rest();
  assert.deepEqual(sent, [{ timestamp: 1.5, frame: "/9j/" }]);
  assert.deepEqual([sender.sent, sender.skipped], [1, 0]);
});

test("while the connection is not done with those before, frames are skipped and not even taken", () => {
  const { sender, connection, wanted } = lab();
  connection.free = false;
  for (let now = 0; now < 3000; now += 33) sender.tick(now);
  assert.equal(wanted(), 0);
  assert.equal(sender.skipped, 91);
});

test("a frame that was encoded too late is skipped", async () => {
  const { sender, sent, connection, encodings, bring } = lab();
  sender.tick(0);
  bring();
  connection.free = false;
  encodings[0]?.done("a");
  await rest();
  assert.deepEqual([sent.length, sender.skipped], [0, 1]);
});

test("two are encoded at once, and leave in the order in which they were taken", async () => {
  const { sender, sent, encodings, bring, wanted } = lab();
  for (let now = 0; now < 200; now += 33) {
    sender.tick(now);
    if (wanted() > encodings.length) bring(now);
  }
  assert.equal(encodings.length, 2);
  encodings[1]?.done("second");
  await rest();
  assert.equal(sent.length, 0);
  encodings[0]?.done("first");
  await rest();
  assert.deepEqual(
    sent.map(({ frame }) => frame),
    ["first", "second"],
  );
});

test("a frame that cannot be encoded does not hold up those after it", async () => {
  const { sender, sent, encodings, bring } = lab();
  sender.tick(0);
  bring();
  encodings[0]?.fail();
  await rest();
  sender.tick(33);
  bring();
  encodings[1]?.done("a");
  await rest();
  assert.deepEqual([sent.length, sender.skipped], [1, 1]);
});

test("a frame that never comes is wanted again after a while, and a camera without a picture at once", () => {
  const { sender, wanted } = lab();
  for (let now = 0; now < 900; now += 100) sender.tick(now);
  assert.equal(wanted(), 1);
  sender.tick(1_000);
  assert.equal(wanted(), 2);
  sender.take(null, 0);
  sender.tick(1_033);
  assert.equal(wanted(), 3);
});
