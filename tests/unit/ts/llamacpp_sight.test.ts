/** What pictures cost, as llama.cpp's log tells it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Sight } from "../../../workers/llamacpp/sight.ts";

/** Lines of one picture (or tile) of `tokens`, whose encoding took `ms` from the last step on. */
function encode(sight: Sight, tokens: number, ms: number, start = 0): void {
  sight.step(start);
  sight.line(`decoding image batch 1/1, n_tokens_batch = ${tokens}`, start + ms);
  sight.line("image decoded (batch 1/1) in 3 ms", start + ms + 3);
}

test("a request without pictures has no such figures", () => {
  const sight = new Sight();
  sight.begin([]);
  assert.deepEqual(sight.usage(10), {});
});

test("tokens and time of each picture are summed, not those of its decoding", () => {
  const sight = new Sight();
  sight.begin(["256x256", "256x256"]);
  encode(sight, 36, 40);
  encode(sight, 36, 30, 1000);
  assert.deepEqual(sight.usage(1), { image_tokens: 72, image_encode_ms: 70 });
});

test("tiles that are encoded in one step are timed one after the other", () => {
  const sight = new Sight();
  sight.begin(["96x96"]);
  encode(sight, 9, 20);
  sight.line("decoding image batch 1/1, n_tokens_batch = 9", 33);
  assert.deepEqual(sight.usage(1), { image_tokens: 18, image_encode_ms: 30 });
});

test("a picture in several batches is encoded once", () => {
  const sight = new Sight();
  sight.begin(["1x1"]);
  sight.step(0);
  sight.line("decoding image batch 1/2, n_tokens_batch = 64", 50);
  sight.line("image decoded (batch 1/2) in 8 ms", 58);
  sight.line("decoding image batch 2/2, n_tokens_batch = 16", 59);
  assert.deepEqual(sight.usage(1), { image_tokens: 80, image_encode_ms: 50 });
});

test("a picture that the cache held costs no time, but its tokens are counted", () => {
  const sight = new Sight();
  sight.begin(["256x256"]);
  encode(sight, 36, 40);
  sight.usage(1);
  sight.begin(["256x256"]);
  assert.deepEqual(sight.usage(48), { image_tokens: 36, image_encode_ms: 0 });
});

test("a new size beside one that the cache held, or did not hold", () => {
  const sight = new Sight();
  sight.begin(["256x256"]);
  encode(sight, 36, 40);
  sight.usage(1);
  sight.begin(["256x256", "200x100"]);
  encode(sight, 20, 40);
  assert.equal(sight.usage(60).image_tokens, 56);
  sight.begin(["256x256", "50x60"]);
  encode(sight, 36, 40);
  encode(sight, 12, 40);
  assert.equal(sight.usage(3).image_tokens, 48);
});

test("two new sizes at once are counted together", () => {
  const sight = new Sight();
  sight.begin(["10x10", "20x20"]);
  encode(sight, 4, 10);
  encode(sight, 9, 10, 100);
  assert.equal(sight.usage(1).image_tokens, 13);
});
