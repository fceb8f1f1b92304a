/**
 * Turns blocks of ggml's weight types into F32. Layouts: ggml-common.h; a value of a Q4_1 block, for one, is
 * `d * q + m` with d and m stored as f16 and the 4-bit q of value i in the low half of byte i for i < 16, in
 * the high half of byte i - 16 after that.
 */

/** f16 bits → number, as a table: it is looked up once or twice a block. */
const HALF: Float32Array = (() => {
  const table = new Float32Array(65536);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const mantissa = bits & 1023;
    if (exponent === 0) table[bits] = sign * mantissa * 2 ** -24;
    else if (exponent === 31) table[bits] = mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY;
    else table[bits] = sign * (1 + mantissa / 1024) * 2 ** (exponent - 15);
  }
  return table;
})();

type Decode = (source: Uint8Array, out: Float32Array) => void;

const half = (bytes: Uint8Array, at: number): number =>
  HALF[(bytes[at] as number) | ((bytes[at + 1] as number) << 8)] as number;

function f16(source: Uint8Array, out: Float32Array): void {
  for (let i = 0; i < out.length; i++) out[i] = half(source, 2 * i);
}

function bf16(source: Uint8Array, out: Float32Array): void {
  const bits = new Uint32Array(out.buffer, out.byteOffset, out.length);
  for (let i = 0; i < bits.length; i++) {
    bits[i] = ((source[2 * i] as number) << 16) | ((source[2 * i + 1] as number) << 24);
  }
}

function q4_0(source: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 18, to += 32) {
    const d = half(source, at);
    for (let i = 0; i < 16; i++) {
      const byte = source[at + 2 + i] as number;
      out[to + i] = d * ((byte & 15) - 8);
      out[to + 16 + i] = d * ((byte >> 4) - 8);
    }
  }
}

function q4_1(source: Uint8Array, out: Float32Array): void {
  for (let at = 0, to = 0; to < out.length; at += 20, to += 32) {
    const d = half(source, at);
    const m = half(source, at + 2);
    for (let i = 0; i < 16; i++) {
      const byte = source[at + 4 + i] as number;
      out[to + i] = d * (byte & 15) + m;
      out[to + 16 + i] = d * (byte >> 4) + m;
    }
  }
}

/** Q5: the fifth bits of all 32 values come first, as one 32-bit word. */
function q5(source: Uint8Array, out: Float32Array, withMinimum: boolean): void {
  const head = withMinimum ? 4 : 2;
  for (let at = 0, to = 0; to < out.length; at += head + 20, to += 32) {
    const d = half(source, at);
    const m = withMinimum ? half(source, at + 2) : -16 * d;
    for (let i = 0; i < 16; i++) {
      const byte = source[at + head + 4 + i] as number;
      const low = ((source[at + head + (i >> 3)] as number) >> (i & 7)) & 1;
      const high = ((source[at + head + 2 + (i >> 3)] as number) >> (i & 7)) & 1;
      out[to + i] = d * ((byte & 15) | (low << 4)) + m;
      out[to + 16 + i] = d * ((byte >> 4) | (high << 4)) + m;
    }
  }
}

function q8_0(source: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(source.buffer, source.byteOffset, source.byteLength);
  for (let at = 0, to = 0; to < out.length; at += 34, to += 32) {
    const d = half(source, at);
    for (let i = 0; i < 32; i++) out[to + i] = d * (signed[at + 2 + i] as number);
  }
}

/** The 6-bit scale and minimum of sub-block `j` of Q4_K and Q5_K, packed in 12 bytes at `at`. */
function scaleAndMinimum(source: Uint8Array, at: number, j: number): [number, number] {
  const byte = (i: number) => source[at + i] as number;
  if (j < 4) return [byte(j) & 63, byte(j + 4) & 63];
  return [(byte(j + 4) & 15) | ((byte(j - 4) >> 6) << 4), (byte(j + 4) >> 4) | ((byte(j) >> 6) << 4)];
}

/** Q4_K and Q5_K: 8 sub-blocks of 32 values; Q5_K's fifth bits lie between the scales and the rest. */
function q45k(source: Uint8Array, out: Float32Array, five: boolean): void {
  const size = five ? 176 : 144;
  for (let at = 0, to = 0; to < out.length; at += size, to += 256) {
    const d = half(source, at);
    const dmin = half(source, at + 2);
    const low = at + (five ? 48 : 16);
    for (let j = 0; j < 8; j++) {
      const [scale, minimum] = scaleAndMinimum(source, at + 4, j);
      const shift = (j & 1) * 4;
      for (let i = 0; i < 32; i++) {
        let q = ((source[low + (j >> 1) * 32 + i] as number) >> shift) & 15;
        if (five) q |= (((source[at + 16 + i] as number) >> j) & 1) << 4;
        out[to + 32 * j + i] = d * scale * q - dmin * minimum;
      }
    }
  }
}

function q6_k(source: Uint8Array, out: Float32Array): void {
  const signed = new Int8Array(source.buffer, source.byteOffset, source.byteLength);
  for (let at = 0, to = 0; to < out.length; at += 210, to += 256) {
    const d = half(source, at + 208);
    for (let side = 0; side < 2; side++) {
      const low = at + side * 64;
      const high = at + 128 + side * 32;
      const scales = at + 192 + side * 8;
      const base = to + side * 128;
      for (let i = 0; i < 32; i++) {
        const top = source[high + i] as number;
        const first = source[low + i] as number;
        const second = source[low + 32 + i] as number;
        const scale = (k: number) => d * (signed[scales + (i >> 4) + k] as number);
        out[base + i] = scale(0) * (((first & 15) | ((top & 3) << 4)) - 32);
        out[base + 32 + i] = scale(2) * (((second & 15) | (((top >> 2) & 3) << 4)) - 32);
        out[base + 64 + i] = scale(4) * (((first >> 4) | (((top >> 4) & 3) << 4)) - 32);
        out[base + 96 + i] = scale(6) * (((second >> 4) | ((top >> 6) << 4)) - 32);
      }
    }
  }
}

/** By the number of the ggml type. F32 is not here: it is copied. */
const DECODERS: Readonly<Record<number, Decode>> = {
  1: f16,
  2: q4_0,
  3: q4_1,
  6: (source, out) => q5(source, out, false),
  7: (source, out) => q5(source, out, true),
  8: q8_0,
  12: (source, out) => q45k(source, out, false),
  13: (source, out) => q45k(source, out, true),
  14: q6_k,
  30: bf16,
};

export const canDequantise = (type: number): boolean => type === 0 || type in DECODERS;

/**
 * Decodes whole blocks.
 * @param source the blocks' bytes, exactly as many as `out` needs
 * @param out F32 values; its length is a multiple of the type's block
 * @throws RangeError for a type that {@link canDequantise} refuses
 */
export function dequantise(type: number, source: Uint8Array, out: Float32Array): void {
  if (type === 0) {
    new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(source);
    return;
  }
  const decode = DECODERS[type];
  if (!decode) throw new RangeError(`ggml type ${type} cannot be decoded`);
  decode(source, out);
}
