/** When frames of the Vision tab leave, and when not: the person's consent, and what ends it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { VilaOptions, VilaStatus } from "../../../../web/sdk/embed.ts";
import type { Alcove } from "../../../../web/sdk/index.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { Sending } = await import("../../../../web/page/vision/vila/sending.ts");

const rest = () => new Promise((resolve) => setTimeout(resolve));
const FIGURES = { sent: 0, skipped: 0, replies: 0 };
let hosts = 0;

async function lab() {
  hosts += 1;
  const host = `${hosts}.example`;
  const source = Object.assign(new EventTarget(), { streams: true, frozen: false, capture: {} });
  const streams: { options: VilaOptions; runs: boolean }[] = [];
  const kept = { host };
  const server = {
    get: async () => ({ url: `wss://${kept.host}/`, host: kept.host, hasKey: true }),
    set: async () => undefined,
    forget: async () => undefined,
    stream: async (options: VilaOptions) => {
      const made = { options, runs: false };
      streams.push(made);
      return {
        host: kept.host,
        start: () => {
          made.runs = true;
        },
        stop: () => {
          made.runs = false;
          options.onStatus?.({ state: "ended", ...FIGURES });
        },
      };
    },
  };
  const alcove = { vila: async () => server } as unknown as Alcove;
  const again = () => new Sending(Promise.resolve(alcove), source as never);
  const sending = again();
  await rest();
  const say = (status: Partial<VilaStatus>) =>
    streams.at(-1)?.options.onStatus?.({ state: "streaming", ...FIGURES, ...status });
  return { sending, source, streams, say, again, kept };
}

test("no stream is even made before the person allowed it, and never where they did not", async () => {
  const { sending, streams } = await lab();
  await sending.start();
  assert.deepEqual([sending.asking, sending.on, streams.length], [true, false, 0]);
  await sending.allow(false);
  assert.deepEqual([sending.asking, sending.on, streams.length], [false, false, 0]);
  await sending.start();
  await sending.allow(true);
  assert.deepEqual([sending.asking, sending.on, streams[0]?.runs], [false, true, true]);
});

test("the person is asked once for a host, for as long as the page lives", async () => {
  const { sending, streams, again } = await lab();
  await sending.start();
  await sending.allow(true);
  sending.stop();
  const later = again();
  await rest();
  await later.start();
  assert.deepEqual([later.asking, later.on, streams.map(({ runs }) => runs)], [false, true, [false, true]]);
});

for (const [what, change] of [
  ["frozen", { frozen: true }],
  ["closed", { streams: false }],
] as const) {
  test(`what is ${what} is not sent any more`, async () => {
    const { sending, source, streams } = await lab();
    await sending.start();
    await sending.allow(true);
    Object.assign(source, change);
    source.dispatchEvent(new Event("change"));
    assert.deepEqual([sending.on, streams[0]?.runs], [false, false]);
    await sending.start();
    assert.equal(streams.length, 1);
  });
}

test("a stop while the stream is being made leaves none", async () => {
  const { sending, streams } = await lab();
  await sending.start();
  const allowing = sending.allow(true);
  sending.stop();
  await allowing;
  assert.deepEqual([sending.on, streams.some(({ runs }) => runs)], [false, false]);
});

test("where another tab has set up another server, the person is asked for that one", async () => {
  const { sending, streams, kept } = await lab();
  await sending.start();
  kept.host = `elsewhere.${kept.host}`;
  await sending.allow(true);
  assert.deepEqual([sending.asking, sending.on, sending.server?.host], [true, false, kept.host]);
  assert.ok(!streams.some(({ runs }) => runs));
  await sending.allow(true);
  assert.deepEqual([sending.on, streams.at(-1)?.runs], [true, true]);
});

test("what is frozen while the stream is being made is not sent", async () => {
  const { sending, source, streams } = await lab();
  await sending.start();
  const allowing = sending.allow(true);
  source.frozen = true;
  await allowing;
  assert.deepEqual([sending.on, streams.some(({ runs }) => runs)], [false, false]);
});

test("a server that refuses ends it with words; replies are kept, the newest first", async () => {
  const { sending, streams, say } = await lab();
  await sending.start();
  await sending.allow(true);
  for (let at = 0; at < 25; at += 1) streams[0]?.options.onCaption({ text: `${at}`, at });
  assert.deepEqual([sending.captions.length, sending.captions[0]?.text], [20, "24"]);
  say({
    state: "ended",
    error: { code: "bad-request", message: "The server refuses.", action: "Check the key." },
  });
  assert.deepEqual([sending.on, sending.failure?.message], [false, "The server refuses."]);
});
