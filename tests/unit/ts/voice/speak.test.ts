/** `alcove.speak` over a voice that makes a tenth of a second of sound of each letter. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import type { VoiceEngine } from "../../../../web/sdk/engines/roster.ts";
import type { Models } from "../../../../web/sdk/models/catalogue.ts";
import { type SpeakOptions, speak } from "../../../../web/sdk/voice/speak.ts";
import type { Speech } from "../../../../web/sdk/voice/speech.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

const RATE = 1000;

mock.timers.enable({ apis: ["setTimeout"] });

function page({ fails = "" } = {}) {
  const asked: string[] = [];
  const stopped: string[] = [];
  const engine = {
    wanted: undefined as string | undefined,
    release() {
      engine.wanted = undefined;
    },
    async ensure({ id }: { id: string }) {
      engine.wanted = id;
      return { id, sampleRate: RATE };
    },
    client: {
      async say(
        { text, rate }: { text: string; rate: number },
        give: (samples: Float32Array) => void,
        signal: AbortSignal,
      ) {
        asked.push(text);
        if (text === fails) throw new AlcoveError("engine-crashed", "gone");
        if (text === "Never.") {
          await new Promise((_, reject) => {
            signal.addEventListener("abort", () => {
              stopped.push(text);
              reject(new AlcoveError("cancelled", "Stopped."));
            });
          });
        }
        if (text === "☃") return { words: "", skipped: ["an emoji"] };
        for (const _ of text) give(new Float32Array(RATE / 10 / rate).fill(0.5));
        return { words: text, skipped: [] };
      },
    },
  };
  const models = {
    list: async () => [
      { id: "far", goodFor: ["voice"], shipped: false, cached: false },
      { id: "near", goodFor: ["voice"], shipped: true, cached: false },
    ],
    findAny: async (id: string) => ({ id, engine: id === "chat" ? "llamacpp" : "piper" }),
  };
  const start = (text: string | AsyncIterable<string>, options: SpeakOptions = {}) =>
    speak(text, options, {
      models: models as unknown as Models,
      engine: engine as unknown as VoiceEngine,
    });
  return { asked, stopped, engine, start };
}

async function all(spoken: AsyncIterable<Speech>): Promise<Speech[]> {
  const pieces = [];
  for await (const piece of spoken) pieces.push(piece);
  return pieces;
}

test("each sentence comes in stretches, the last one its pause", async () => {
  const { start, engine } = page();
  const pieces = await all(start("Ab. Cd!\n\nEf"));
  assert.equal(engine.wanted, "near");
  assert.deepEqual(
    pieces.filter(({ last }) => last).map(({ text, from, samples }) => [text, from, samples.length]),
    [
      ["Ab.", 0, 120],
      ["Cd!", 4, 400],
      ["Ef", 9, 400],
    ],
  );
  assert.equal(pieces.filter(({ last }) => !last).length, 8);
  assert.ok(pieces.every(({ sampleRate }) => sampleRate === RATE));
});

test("of a stream the first sentence is spoken before the second has come", async () => {
  const { start, asked } = page();
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  async function* pieces() {
    yield "Ab. ";
    yield "C";
    await released;
    yield "d.";
  }
  const spoken = start(pieces());
  assert.equal((await spoken.next()).value?.text, "Ab.");
  assert.deepEqual(asked, ["Ab."]);
  release();
  assert.deepEqual((await all(spoken)).at(-1)?.text, "Cd.");
});

test("nothing, signs and code are left out, and told", async () => {
  const { start } = page();
  assert.deepEqual(await all(start("")), []);
  const pieces = await all(start("☃\n```\nx = 1\n```\n"));
  assert.deepEqual(
    pieces.map(({ skipped, samples, last }) => [skipped, samples.length, last]),
    [
      [["an emoji"], 0, true],
      [["a block of code"], 0, true],
    ],
  );
});

test("no more is made than somebody takes", async () => {
  const { start, asked } = page();
  const spoken = start("Abcdefghi. ".repeat(200));
  await spoken.next();
  await new Promise((resolve) => setImmediate(resolve));
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  assert.ok(asked.length < 30, `${asked.length}`);
  assert.equal((await all(spoken)).filter(({ last }) => last).length, 200);
});

test("a stop ends it at once, and what was made before is not given out", async () => {
  const { start, stopped } = page();
  const stop = new AbortController();
  const spoken = start("Ab. Never.", { signal: stop.signal });
  await spoken.next();
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  await assert.rejects(spoken.next(), { code: "cancelled" });
  assert.deepEqual(stopped, ["Never."]);
});

test("whoever takes no more stops the voice", async () => {
  const { start, stopped } = page();
  for await (const _ of start("Ab. Never.")) {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    break;
  }
  assert.deepEqual(stopped, ["Never."]);
});

test("a voice that stops in the middle is told, and speaks the next text", async () => {
  const { start } = page({ fails: "Cd." });
  await assert.rejects(all(start("Ab. Cd.")), { code: "engine-crashed" });
  assert.equal((await all(start("Ab."))).at(-1)?.last, true);
});

test("rate and volume change what comes, and have bounds", async () => {
  const { start } = page();
  const [first] = await all(start("A", { rate: 2, volume: 0.5 }));
  assert.equal(first?.samples.length, 50);
  assert.equal(first?.samples[0], 0.25);
  for (const bad of [{ rate: 0 }, { rate: 3 }, { rate: Number.NaN }, { volume: 2 }, { volume: -1 }]) {
    assert.throws(() => start("A", bad), { code: "bad-request" });
  }
});

test("a model that does not speak is refused", async () => {
  const { start } = page();
  await assert.rejects(all(start("A", { voice: "chat" })), { code: "unsupported" });
  await assert.rejects(all(start("A", { voice: "system" })), { code: "model-not-found" });
});

test("after five minutes of silence the voice is given up", async () => {
  const { start, engine } = page();
  await all(start("A"));
  mock.timers.tick(299_000);
  const next = start("B");
  await next.next();
  mock.timers.tick(301_000);
  assert.equal(engine.wanted, "near");
  await all(next);
  mock.timers.tick(301_000);
  assert.equal(engine.wanted, undefined);
});
