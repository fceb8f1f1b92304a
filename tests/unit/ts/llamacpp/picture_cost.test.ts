/** What pictures cost, as llama.cpp's log tells it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { PictureCost } from "../../../../workers/llamacpp/picture-cost.ts";

/** Lines of one picture (or tile) of `tokens`, whose encoding took `ms` from the last step on. */
function encode(pictureCost: PictureCost, tokens: number, ms: number, start = 0): void {
  pictureCost.step(start);
  pictureCost.line(`decoding image batch 1/1, n_tokens_batch = ${tokens}`, start + ms);
  pictureCost.line("image decoded (batch 1/1) in 3 ms", start + ms + 3);
}

test("a request without pictures has no such figures", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin([]);
  assert.deepEqual(pictureCost.usage(10), {});
});

test("tokens and time of each picture are summed, not those of its decoding", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["256x256", "256x256"]);
  encode(pictureCost, 36, 40);
  encode(pictureCost, 36, 30, 1000);
  assert.deepEqual(pictureCost.usage(1), { image_tokens: 72, image_encode_ms: 70 });
});

test("tiles that are encoded in one step are timed one after the other", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["96x96"]);
  encode(pictureCost, 9, 20);
  pictureCost.line("decoding image batch 1/1, n_tokens_batch = 9", 33);
  assert.deepEqual(pictureCost.usage(1), { image_tokens: 18, image_encode_ms: 30 });
});

test("a picture in several batches is encoded once", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["1x1"]);
  pictureCost.step(0);
  pictureCost.line("decoding image batch 1/2, n_tokens_batch = 64", 50);
  pictureCost.line("image decoded (batch 1/2) in 8 ms", 58);
  pictureCost.line("decoding image batch 2/2, n_tokens_batch = 16", 59);
  assert.deepEqual(pictureCost.usage(1), { image_tokens: 80, image_encode_ms: 50 });
});

test("a picture that the cache held costs no time, but its tokens are counted", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["256x256"]);
  encode(pictureCost, 36, 40);
  pictureCost.usage(1);
  pictureCost.begin(["256x256"]);
  assert.deepEqual(pictureCost.usage(48), { image_tokens: 36, image_encode_ms: 0 });
});

test("a new size beside one that the cache held, or did not hold", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["256x256"]);
  encode(pictureCost, 36, 40);
  pictureCost.usage(1);
  pictureCost.begin(["256x256", "200x100"]);
  encode(pictureCost, 20, 40);
  assert.equal(pictureCost.usage(60).image_tokens, 56);
  pictureCost.begin(["256x256", "50x60"]);
  encode(pictureCost, 36, 40);
  encode(pictureCost, 12, 40);
  assert.equal(pictureCost.usage(3).image_tokens, 48);
});

test("two new sizes at once are counted together", () => {
  const pictureCost = new PictureCost();
  pictureCost.begin(["10x10", "20x20"]);
  encode(pictureCost, 4, 10);
  encode(pictureCost, 9, 10, 100);
  assert.equal(pictureCost.usage(1).image_tokens, 13);
});
