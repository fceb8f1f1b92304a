/** Each weight type against a plain reading of its definition, value by value, through BigInt-free bit access. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canDequantise, dequantise } from "../../../../workers/llamacpp/dequantise.ts";
import { TENSOR_TYPES } from "../../../../workers/llamacpp/gguf.ts";

function half(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * 2 ** -14 * (fraction / 1024);
  return sign * 2 ** (exponent - 15) * (1 + fraction / 1024);
}
const f16 = (b: Uint8Array, at: number) => half((b[at] as number) + 256 * (b[at + 1] as number));
const signed = (value: number) => (value > 127 ? value - 256 : value);
const bit = (b: Uint8Array, at: number, n: number) => ((b[at + (n >> 3)] as number) >> (n & 7)) & 1;
/** Nibble `i` of a run in which the low halves hold the first 16 values and the high halves the rest. */
const nibble = (b: Uint8Array, at: number, i: number) =>
  i < 16 ? (b[at + i] as number) % 16 : Math.floor((b[at + i - 16] as number) / 16);

/** Value `i` of the block `b`. */
const reference: Record<number, (b: Uint8Array, i: number) => number> = {
  1: (b) => f16(b, 0),
  2: (b, i) => f16(b, 0) * (nibble(b, 2, i) - 8),
  3: (b, i) => f16(b, 0) * nibble(b, 4, i) + f16(b, 2),
  6: (b, i) => f16(b, 0) * (nibble(b, 6, i) + 16 * bit(b, 2, i) - 16),
  7: (b, i) => f16(b, 0) * (nibble(b, 8, i) + 16 * bit(b, 4, i)) + f16(b, 2),
  8: (b, i) => f16(b, 0) * signed(b[2 + i] as number),
  12: (b, i) => k45(b, i, 16, undefined),
  13: (b, i) => k45(b, i, 48, 16),
  14: (b, i) => {
    const [side, inside] = [Math.floor(i / 128), i % 128];
    const [quarter, column] = [Math.floor(inside / 32), inside % 32];
    const low = b[64 * side + (quarter % 2) * 32 + column] as number;
    const high = ((b[128 + 32 * side + column] as number) >> (2 * quarter)) & 3;
    const q = (quarter < 2 ? low & 15 : low >> 4) + 16 * high - 32;
    return f16(b, 208) * signed(b[192 + 8 * side + 2 * quarter + Math.floor(column / 16)] as number) * q;
  },
  30: (b) =>
    new Float32Array(
      new Uint32Array([((b[0] as number) << 16) | ((b[1] as number) << 24)]).buffer,
    )[0] as number,
};

function k45(b: Uint8Array, i: number, low: number, fifth: number | undefined): number {
  const j = Math.floor(i / 32);
  const s = (n: number) => b[4 + n] as number;
  const scale = j < 4 ? s(j) % 64 : (s(j + 4) % 16) + 16 * (s(j - 4) >> 6);
  const minimum = j < 4 ? s(j + 4) % 64 : (s(j + 4) >> 4) + 16 * (s(j) >> 6);
  const byte = b[low + 32 * Math.floor(j / 2) + (i % 32)] as number;
  let q = j % 2 ? byte >> 4 : byte & 15;
  if (fifth !== undefined) q += 16 * (((b[fifth + (i % 32)] as number) >> j) & 1);
  return f16(b, 0) * scale * q - f16(b, 2) * minimum;
}

let state = 12345;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state >>> 24;
};

for (const [type, { name, block, bytes }] of Object.entries(TENSOR_TYPES)) {
  if (type === "0" || !canDequantise(Number(type))) continue;
  test(`${name} decodes as defined`, () => {
    const blocks = 64;
    const source = Uint8Array.from({ length: blocks * bytes }, random);
    // keep the f16 scales finite: exponent bits below 31
    for (let i = 0; i < blocks; i++) {
      for (const at of name === "Q6_K" ? [208] : name === "BF16" ? [] : [0, 2]) {
        if (at + 1 < bytes) source[i * bytes + at + 1] = (source[i * bytes + at + 1] as number) & 0xbb;
      }
    }
    const out = new Float32Array(blocks * block);
    dequantise(Number(type), source, out);
    for (let i = 0; i < out.length; i++) {
      const at = Math.floor(i / block) * bytes;
      const expected = (reference[Number(type)] as (b: Uint8Array, i: number) => number)(
        source.subarray(at, at + bytes),
        i % block,
      );
      const actual = out[i] as number;
      if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual));
      else
        assert.ok(
          Math.abs(actual - expected) <= 1e-6 * Math.max(1e-6, Math.abs(expected)) + 1e-7,
          `${name}[${i}]: ${actual} != ${expected}`,
        );
    }
  });
}

test("F32 is copied, unknown types are refused", () => {
  const out = new Float32Array(2);
  dequantise(0, new Uint8Array(new Float32Array([1.5, -2]).buffer), out);
  assert.deepEqual([...out], [1.5, -2]);
  assert.equal(canDequantise(19), false);
  assert.throws(() => dequantise(19, new Uint8Array(4), out), RangeError);
});
