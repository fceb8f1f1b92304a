/**
 * SHA-256 of what comes piece by piece, which the browser's own crypto cannot do. Its inner loop is a WebAssembly
 * function that is written here, round by round: twice as fast as JavaScript, which a large import waits for. Where
 * WebAssembly is not to be had, noble's does it.
 */
import { sha256 as nobleSha256 } from "@noble/hashes/sha2.js";

export interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

const BLOCK = 64;
/** Where the bytes to hash lie in its memory; before them the state. */
const INPUT = 64;
const INPUT_BYTES = 1 << 18;

const primes = (count: number): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
};
/** The first 32 bits of the fraction. */
const fraction = (value: number): number => Math.floor((value - Math.floor(value)) * 2 ** 32) | 0;

const START = primes(8).map((prime) => fraction(Math.sqrt(prime)));
const ROUNDS = primes(64).map((prime) => fraction(Math.cbrt(prime)));

/** Signed LEB128, as WebAssembly writes numbers. */
function signed(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; ) {
    const byte = rest & 127;
    rest >>= 7;
    const last = (rest === 0 && !(byte & 64)) || (rest === -1 && byte & 64);
    bytes.push(last ? byte : byte | 128);
    if (last) return bytes;
  }
}

function unsigned(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...unsigned(value >>> 7)];
}

type Code = number[];

const get = (local: number): Code => [0x20, ...unsigned(local)];
const set = (local: number): Code => [0x21, ...unsigned(local)];
const number = (value: number): Code => [0x41, ...signed(value)];
const apply = (operation: number, first: Code, ...others: Code[]): Code => [
  ...first,
  ...others.flatMap((other) => [...other, operation]),
];
const add = (...terms: [Code, ...Code[]]): Code => apply(0x6a, ...terms);
const and = (a: Code, b: Code): Code => apply(0x71, a, b);
const xor = (...terms: [Code, ...Code[]]): Code => apply(0x73, ...terms);
const shift = (a: Code, bits: number): Code => apply(0x76, a, number(bits));
const rotate = (a: Code, bits: number): Code => apply(0x78, a, number(bits));
const load = (address: Code, offset: number): Code => [...address, 0x28, 2, ...unsigned(offset)];
const store = (address: Code, offset: number, value: Code): Code => [
  ...address,
  ...value,
  0x36,
  2,
  ...unsigned(offset),
];

/** The function's locals: its two arguments, 16 words of the message, 8 of the state, and one to keep a sum in. */
const [FROM, LEFT, SUM] = [0, 1, 26];
const word = (i: number): number => 2 + (i & 15);
const state = (i: number): number => 18 + (i & 7);

/** (from, blocks): takes as many blocks into the state. */
function compress(): Code {
  const code: Code[] = [];
  for (let i = 0; i < 8; i++) code.push(load(number(0), 4 * i), set(state(i)));
  for (let i = 0; i < 16; i++) {
    const little = load(get(FROM), 4 * i);
    const swapped = xor(
      and(rotate(little, 24), number(0x00ff00ff)),
      and(rotate(little, 8), number(0xff00ff00 | 0)),
    );
    code.push(swapped, set(word(i)));
  }
  for (let i = 0; i < 64; i++) {
    if (i >= 16) {
      const [old, late] = [get(word(i + 1)), get(word(i + 14))];
      const first = xor(rotate(old, 7), rotate(old, 18), shift(old, 3));
      const second = xor(rotate(late, 17), rotate(late, 19), shift(late, 10));
      code.push(add(get(word(i)), first, get(word(i + 9)), second), set(word(i)));
    }
    // Each round the names move on by one, and the values stay where they are.
    const at = (name: number): Code => get(state(name - i + 64));
    const [a, b, c, d, e, f, g, h] = [0, 1, 2, 3, 4, 5, 6, 7].map(at) as [
      Code,
      Code,
      Code,
      Code,
      Code,
      Code,
      Code,
      Code,
    ];
    const big = xor(rotate(e, 6), rotate(e, 11), rotate(e, 25));
    const chosen = xor(g, and(e, xor(f, g)));
    code.push(add(h, big, chosen, number(ROUNDS[i] as number), get(word(i))), set(SUM));
    const small = xor(rotate(a, 2), rotate(a, 13), rotate(a, 22));
    const majority = xor(and(a, b), and(c, xor(a, b)));
    code.push(add(d, get(SUM)), set(state(3 - i + 64)));
    code.push(add(get(SUM), small, majority), set(state(7 - i + 64)));
  }
  for (let i = 0; i < 8; i++) code.push(store(number(0), 4 * i, add(load(number(0), 4 * i), get(state(i)))));
  code.push(add(get(FROM), number(BLOCK)), set(FROM));
  code.push(add(get(LEFT), number(-1)), [0x22, LEFT], [0x0d, 0]);
  return [0x03, 0x40, ...code.flat(), 0x0b];
}

function program(): Uint8Array<ArrayBuffer> {
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const body = [1, 25, 0x7f, ...compress(), 0x0b];
  const pages = unsigned(Math.ceil((INPUT + INPUT_BYTES) / 65_536));
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, ...pages]),
    ...section(7, [2, 1, 0x6d, 2, 0, 1, 0x63, 0, 0]), // "m", the memory; "c", the function
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ]);
}

interface Exports {
  m: WebAssembly.Memory;
  c(from: number, blocks: number): void;
}

let compiled: WebAssembly.Module | null | undefined;

function instance(): Exports | null {
  try {
    if (compiled === undefined) compiled = new WebAssembly.Module(program());
    return compiled && (new WebAssembly.Instance(compiled).exports as unknown as Exports);
  } catch {
    compiled = null;
    return null;
  }
}

class WasmSha256 implements Hash {
  readonly #compress: Exports["c"];
  readonly #view: DataView;
  readonly #input: Uint8Array;
  /** What waits in the input for a whole block. */
  #waiting = 0;
  #length = 0;

  constructor({ m, c }: Exports) {
    this.#compress = c;
    this.#view = new DataView(m.buffer);
    this.#input = new Uint8Array(m.buffer, INPUT, INPUT_BYTES);
    START.forEach((value, i) => {
      this.#view.setInt32(4 * i, value, true);
    });
  }

  update(bytes: Uint8Array): void {
    this.#length += bytes.length;
    for (let at = 0; at < bytes.length; ) {
      const some = bytes.subarray(at, at + INPUT_BYTES - this.#waiting);
      this.#input.set(some, this.#waiting);
      at += some.length;
      this.#take(this.#waiting + some.length);
    }
  }

  digest(): Uint8Array {
    const bits = BigInt(this.#length) * 8n;
    const padding = new Uint8Array(BLOCK - ((this.#length + 8) % BLOCK) + 8);
    padding[0] = 0x80;
    new DataView(padding.buffer).setBigUint64(padding.length - 8, bits);
    this.update(padding);
    const digest = new DataView(new ArrayBuffer(32));
    for (let i = 0; i < 8; i++) digest.setInt32(4 * i, this.#view.getInt32(4 * i, true));
    return new Uint8Array(digest.buffer);
  }

  /** Hashes the whole blocks of what lies in the input. */
  #take(length: number): void {
    const blocks = Math.floor(length / BLOCK);
    if (blocks > 0) this.#compress(INPUT, blocks);
    this.#input.copyWithin(0, blocks * BLOCK, length);
    this.#waiting = length - blocks * BLOCK;
  }
}

/** Nothing can be added after `digest`. */
export function sha256(): Hash {
  const made = instance();
  return made ? new WasmSha256(made) : nobleSha256.create();
}
