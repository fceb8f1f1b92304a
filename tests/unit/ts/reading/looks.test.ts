/** How closely a picture is looked at, what networks are given of it, and what becomes of what they say. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { field, fieldsOf, joined } from "../../../../workers/onnx/protobuf.ts";
import { decode, lettersOf } from "../../../../workers/reading/ctc.ts";
import { CENTRED, isBlank, type Raster, sample } from "../../../../workers/reading/raster.ts";
import { closerLook, firstLook, tilesOf } from "../../../../workers/reading/scales.ts";
import { withoutShapes } from "../../../../workers/reading/shapes.ts";

test("a screen is looked at as it is, a large picture smaller, a speck at the least", () => {
  assert.deepEqual(firstLook({ width: 1280, height: 900 }), { width: 1280, height: 896 });
  const large = firstLook({ width: 8000, height: 6000 });
  assert.ok(large.width * large.height < 2_300_000 && large.width % 32 === 0 && large.height % 32 === 0);
  assert.deepEqual(firstLook({ width: 1, height: 1 }), { width: 32, height: 32 });
});

test("small print of a large picture is looked at closely, large print is not, and a screen never again", () => {
  const large = { width: 8000, height: 6000 };
  const first = firstLook(large);
  assert.equal(closerLook(large, [30, 40, 50]), undefined);
  const closer = closerLook(large, [40, 6, 6, 30]);
  assert.ok(closer && closer.width > 3 * first.width);
  assert.ok(closer.width * closer.height < 25_000_000);
  assert.ok(closerLook(large, []), "it found nothing, and looks again");
  assert.equal(closerLook({ width: 1280, height: 900 }, [5]), undefined);
});

test("tiles overlap, and what is kept of them is each point once", () => {
  for (const side of [32, 1536, 1568, 3200, 5664]) {
    const size = { width: side, height: 96 };
    const kept = new Uint8Array(side * 96);
    for (const { x, y, width, height, keep } of tilesOf(size)) {
      assert.ok(width <= 1536 && width % 32 === 0 && height % 32 === 0);
      assert.ok(x >= 0 && y >= 0 && x + width <= side && y + height <= 96);
      for (let row = keep.top; row < keep.bottom; row++) {
        for (let column = keep.left; column < keep.right; column++) {
          assert.ok(column >= x && column < x + width);
          const at = row * side + column;
          kept[at] = (kept[at] as number) + 1;
        }
      }
    }
    assert.ok(kept.every((times) => times === 1));
  }
});

/** Each pixel's red is its column, its green its row. */
function gradient(width: number, height: number): Raster {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) data.set([x, y, 0, 255], 4 * (y * width + x));
  }
  return { data, width, height };
}

test("a part of a picture is taken as it is, smaller, or turned; blue first", () => {
  const picture = gradient(200, 100);
  const take = (width: number, height: number, angle: number, shape: { width: number; height: number }) => {
    const out = new Float32Array(3 * shape.width * shape.height);
    sample(picture, { x: 100, y: 50, width, height, angle }, shape, CENTRED, out);
    const at = (channel: number, x: number, y: number) =>
      Math.round(127.5 * ((out[(channel * shape.height + y) * shape.width + x] as number) + 1));
    return { red: (x: number, y: number) => at(2, x, y), green: (x: number, y: number) => at(1, x, y) };
  };
  const same = take(40, 20, 0, { width: 40, height: 20 });
  assert.deepEqual([same.red(0, 0), same.green(0, 0), same.red(39, 19)], [80, 40, 119]);
  const half = take(40, 20, 0, { width: 20, height: 10 });
  assert.ok(Math.abs(half.red(10, 5) - 101) <= 1);
  // Turned by a quarter its rows go down what were columns.
  const quarter = take(40, 20, Math.PI / 2, { width: 40, height: 20 });
  assert.ok(quarter.green(39, 0) - quarter.green(0, 0) === 39);
  assert.ok(quarter.red(0, 0) - quarter.red(0, 19) === 19);
});

test("nothing but a colour is blank, a faint letter is not", () => {
  const input = new Float32Array(3 * 100).map((_, at) => Math.floor(at / 100));
  assert.equal(isBlank(input), true);
  input[150] = 1.3;
  assert.equal(isBlank(input), false);
});

test("a line that is padded leaves the rest of its row alone", () => {
  const out = new Float32Array(3 * 4 * 10);
  sample(
    gradient(9, 9),
    { x: 4, y: 4, width: 6, height: 4, angle: 0 },
    { width: 6, height: 4 },
    CENTRED,
    out,
    { stride: 10 },
  );
  for (let row = 0; row < 12; row++) {
    assert.ok(out.subarray(10 * row + 6, 10 * row + 10).every((value) => value === 0));
    assert.ok(out.subarray(10 * row, 10 * row + 6).every((value) => value !== 0));
  }
});

test("letters are those of the list: neither blank nor the space is added to it", () => {
  const letters = lettersOf("blank\na\nb\n \n");
  assert.deepEqual(lettersOf("a\r\nb\r\n"), letters, "a list of letters alone");
  assert.deepEqual(letters, ["blank", "a", "b", " "]);
  const said = (...steps: number[]) => {
    const probabilities = new Float32Array(steps.length * 4).fill(0.05);
    steps.forEach((best, at) => {
      probabilities[4 * at + best] = 0.8;
    });
    return decode(probabilities, letters);
  };
  assert.equal(said(0, 1, 1, 0, 1, 3, 2, 2, 0).text, "aa b");
  assert.ok(Math.abs(said(1, 0, 2).confidence - 0.8) < 1e-6);
  assert.deepEqual(said(0, 0), { text: "", confidence: 0 });
});

test("the empty shape of an output is taken out, and nothing else changes", () => {
  const value = (shape: Uint8Array[]) =>
    joined([field(1, "out"), field(2, field(1, joined([field(9, "elem"), ...shape])))]);
  const model = (shape: Uint8Array[]) =>
    joined([field(1, "ir"), field(7, joined([field(11, value(shape)), field(12, value(shape))]))]);
  const empty = [field(2, "")];
  const cleaned = withoutShapes(model(empty));
  const [, graph] = [...fieldsOf(cleaned)];
  const [input, output] = [...fieldsOf(graph?.content as Uint8Array)];
  assert.deepEqual(input?.content, value(empty));
  assert.deepEqual(output?.content, value([]));
  assert.throws(() => withoutShapes(new Uint8Array([0x3a, 200])), { code: "model-invalid" });
});
