/** Walks over the bytes of a GGUF file's head: its scalars, texts and lists. */
import { AlcoveError } from "../wire/errors.ts";

/** Of a list: the type of what is in it, how much, and the byte length of its longest text. */
export interface List {
  array: number;
  length: number;
  longest: number;
}

const MAX_ARRAY = 20_000_000;

const SCALAR_BYTES: Readonly<Record<number, number>> = {
  0: 1,
  1: 1,
  2: 2,
  3: 2,
  4: 4,
  5: 4,
  6: 4,
  7: 1,
  10: 8,
  11: 8,
  12: 8,
};
export const STRING = 8;
export const ARRAY = 9;

export class NeedMore extends Error {}

export function invalid(reason: string, detail?: string): AlcoveError {
  return new AlcoveError(
    "model-invalid",
    `This is not a usable model file: ${reason}.`,
    detail ? { detail } : {},
  );
}

/** Walks over the bytes read so far; throws NeedMore at their end and model-invalid at the file's end. */
export class Cursor {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #size: number;

  constructor(bytes: Uint8Array, size: number) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#size = size;
  }

  take(bytes: number): number {
    const start = this.at;
    if (start + bytes > this.#size) throw invalid("it ends in the middle of its header (truncated)");
    if (start + bytes > this.#bytes.byteLength) throw new NeedMore();
    this.at = start + bytes;
    return start;
  }

  u32(): number {
    return this.#view.getUint32(this.take(4), true);
  }

  /** A 64-bit count or offset. */
  size(what: string, max: number): number {
    const value = this.#view.getBigUint64(this.take(8), true);
    if (value > BigInt(max)) throw invalid(`${what} is out of bounds`, `${what}: ${value} > ${max}`);
    return Number(value);
  }

  string(): string {
    const length = this.size("the length of a text", this.#size);
    const start = this.take(length);
    return new TextDecoder().decode(this.#bytes.subarray(start, start + length));
  }

  skipString(): number {
    const length = this.size("the length of a text", this.#size);
    this.take(length);
    return length;
  }

  scalar(type: number): string | number | bigint | boolean {
    const bytes = SCALAR_BYTES[type];
    if (type === STRING) return this.string();
    if (bytes === undefined) throw invalid("it holds a value of an unknown type", `metadata type ${type}`);
    const at = this.take(bytes);
    const view = this.#view;
    switch (type) {
      case 0:
        return view.getUint8(at);
      case 1:
        return view.getInt8(at);
      case 2:
        return view.getUint16(at, true);
      case 3:
        return view.getInt16(at, true);
      case 4:
        return view.getUint32(at, true);
      case 5:
        return view.getInt32(at, true);
      case 6:
        return view.getFloat32(at, true);
      case 7:
        return view.getUint8(at) !== 0;
      case 10:
        return view.getBigUint64(at, true);
      case 11:
        return view.getBigInt64(at, true);
      default:
        return view.getFloat64(at, true);
    }
  }

  /** The type and the length of the list that begins at `at`. */
  list(at: number): [type: number, length: number] {
    this.at = at;
    return [this.u32(), this.size("the length of a list", MAX_ARRAY)];
  }

  skipArray(): List {
    const [array, length] = this.list(this.at);
    const bytes = SCALAR_BYTES[array];
    let longest = 0;
    if (bytes !== undefined) this.take(bytes * length);
    else if (array === STRING)
      for (let i = 0; i < length; i++) longest = Math.max(longest, this.skipString());
    else throw invalid("it holds a list of an unknown type", `metadata array type ${array}`);
    return { array, length, longest };
  }
}
