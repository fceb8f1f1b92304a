/** The voice of the site, on ONNX Runtime in node: what it says in stretches is what it says at once, bit for bit. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { BUILD } from "../../../../workers/build.ts";
import type { PiperVoice } from "../../../../workers/voice/piper.ts";
import { type PiperSettings, readSettings } from "../../../../workers/voice/settings.ts";

/** As models/catalogue/piper-joe-medium.json has them. */
const GRAPH = "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06/en_US-joe-medium.onnx";
const SETTINGS =
  "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33/en_US-joe-medium.onnx.json";
const MODELS = join(process.env.ALCOVE_CACHE ?? join(homedir(), ".cache", "alcove"), "models");
/** A build brings it. */
const skip = existsSync(join(MODELS, GRAPH)) ? false : "the voice is not in the cache";

const base = pathToFileURL(
  `${dirname(createRequire(import.meta.url).resolve("onnxruntime-web/ort-wasm-simd-threaded.wasm"))}/`,
).href;
const PHONEMES = "ðə kwˈɪk bɹˈaʊn fˈɑːks dʒˈʌmps ˌoʊvɚ ɪt, ænd ðˈɛn slˈiːps.";
const never = new AbortController().signal;

let open: typeof PiperVoice.open;
let graph: Uint8Array;
let settings: PiperSettings;
let voice: PiperVoice;

before(async () => {
  if (skip) return;
  const name = "ort-wasm-simd-threaded";
  Object.assign(BUILD, { onnx: { script: `${name}.mjs`, wasm: `${name}.wasm` } });
  Object.assign(globalThis, {
    crossOriginIsolated: false,
    location: { href: base },
    origin: "null",
  });
  const { PiperVoice } = await import("../../../../workers/voice/piper.ts");
  open = PiperVoice.open;
  graph = readFileSync(join(MODELS, GRAPH));
  // Without chance, so that it says the same twice.
  settings = { ...readSettings(readFileSync(join(MODELS, SETTINGS), "utf8")), noise: 0, noiseWidth: 0 };
  voice = await open(graph, settings, base);
});

after(() => voice?.release());

async function said(from: PiperVoice, rate = 1): Promise<Float32Array[]> {
  const pieces = [];
  for await (const samples of from.speak(PHONEMES, rate, never)) pieces.push(samples);
  return pieces;
}

test("stretches are the whole, bit for bit, and the first one is early", { skip }, async () => {
  const stretches = await said(voice);
  // With another name at the place where it is cut, it is run as it came.
  const uncut = Buffer.from(graph);
  for (let at = uncut.indexOf("/dec/conv_pre/Conv"); at >= 0; at = uncut.indexOf("/dec/conv_pre/Conv", at)) {
    uncut.write("/dex", at);
  }
  const other = await open(uncut, settings, base);
  const [whole, ...none] = await said(other);
  await other.release();

  assert.deepEqual(none, []);
  assert.ok(stretches.length > 2 && whole);
  assert.equal((stretches[0] as Float32Array).length, 53 * 256);
  const joined = Buffer.concat(stretches.map(({ buffer }) => Buffer.from(buffer)));
  assert.ok(joined.equals(Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength)));
  assert.ok(whole.some((sample) => Math.abs(sample) > 0.1));
});

test("a stop is heard between two stretches, and the voice speaks again, twice as fast where it is asked to", {
  skip,
}, async () => {
  const stop = new AbortController();
  const spoken = voice.speak(PHONEMES, 1, stop.signal);
  await spoken.next();
  stop.abort();
  await assert.rejects(spoken.next(), { code: "cancelled" });
  const [slow, fast] = [await said(voice), await said(voice, 2)].map((each) =>
    each.flatMap(({ length }) => length),
  );
  const sum = (lengths: number[] | undefined) => (lengths ?? []).reduce((all, length) => all + length, 0);
  assert.ok(sum(fast) < 0.7 * sum(slow));
});

test("what is no voice is refused", { skip }, async () => {
  await assert.rejects(open(graph.subarray(0, 1e6), settings, base), { code: "model-invalid" });
  await assert.rejects(open(new Uint8Array(100), settings, base), { code: "model-invalid" });
});
