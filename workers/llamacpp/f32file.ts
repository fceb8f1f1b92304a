/**
 * A model file as F32, without ever being one: it has a Blob's `size`, `slice` and `stream`, and decodes the
 * weights of the file behind it when they are read. llama.cpp reads tensor by tensor, so the peak is one tensor.
 */
import { canDequantise, dequantise } from "./dequantise.ts";
import { type Gguf, TENSOR_TYPES, type Tensor } from "./gguf.ts";

/** The part of a Blob that a load reads. */
export interface Readable {
  readonly size: number;
  slice(start?: number, end?: number): Pick<Blob, "arrayBuffer">;
}

interface Placed extends Tensor {
  /** Where the tensor's F32 values begin in the F32 file. */
  start: number;
}

const PIECE = 1 << 20; // values decoded at a time: the source bytes of a piece stay small

const align = (value: number, alignment: number): number => Math.ceil(value / alignment) * alignment;

/** Bytes of `gguf` as F32, or undefined if it holds a type that cannot be decoded. */
export function f32Size(gguf: Gguf): number | undefined {
  if (!gguf.tensors.every(({ type }) => canDequantise(type))) return undefined;
  return gguf.tensors.reduce((sum, { count }) => sum + align(4 * count, gguf.alignment), 0) + gguf.dataStart;
}

/** Whether every tensor already is F32. */
export const isF32 = (gguf: Gguf): boolean => gguf.tensors.every(({ type }) => type === 0);

/** The tensor table with every type F32 and new offsets. */
function f32Table(gguf: Gguf): { table: Uint8Array; offsets: number[] } {
  const encoder = new TextEncoder();
  const names = gguf.tensors.map(({ name }) => encoder.encode(name));
  const length = gguf.tensors.reduce(
    (sum, t, i) => sum + 24 + 8 * t.shape.length + (names[i]?.length ?? 0),
    0,
  );
  const table = new Uint8Array(length);
  const view = new DataView(table.buffer);
  const offsets: number[] = [];
  let at = 0;
  let offset = 0;
  gguf.tensors.forEach((tensor, i) => {
    const name = names[i] as Uint8Array;
    view.setBigUint64(at, BigInt(name.length), true);
    table.set(name, at + 8);
    at += 8 + name.length;
    view.setUint32(at, tensor.shape.length, true);
    at += 4;
    for (const extent of tensor.shape) {
      view.setBigUint64(at, BigInt(extent), true);
      at += 8;
    }
    view.setUint32(at, 0, true);
    view.setBigUint64(at + 4, BigInt(offset), true);
    at += 12;
    offsets.push(offset);
    offset = align(offset + 4 * tensor.count, gguf.alignment);
  });
  return { table, offsets };
}

export class F32File implements Readable {
  readonly size: number;
  /** Milliseconds spent on decoding so far. */
  decodeMs = 0;
  readonly #source: Blob;
  readonly #head: Uint8Array;
  readonly #sourceData: number;
  readonly #tensors: Placed[];

  private constructor(source: Blob, gguf: Gguf, head: Uint8Array, offsets: number[]) {
    this.#source = source;
    this.#head = head;
    this.#sourceData = gguf.dataStart;
    this.#tensors = gguf.tensors.map((tensor, i) => ({
      ...tensor,
      start: head.length + (offsets[i] as number),
    }));
    this.size = this.#tensors.reduce(
      (end, t) => Math.max(end, t.start + align(4 * t.count, gguf.alignment)),
      head.length,
    );
  }

  /** @param source the file that `gguf` was read from; {@link f32Size} must have found it decodable */
  static async of(source: Blob, gguf: Gguf): Promise<F32File> {
    const before = new Uint8Array(await source.slice(0, gguf.tableStart).arrayBuffer());
    const { table, offsets } = f32Table(gguf);
    const head = new Uint8Array(align(before.length + table.length, gguf.alignment));
    head.set(before);
    head.set(table, before.length);
    // general.file_type 0 = ALL_F32
    const fileTypeAt = gguf.u32At.get("general.file_type");
    if (fileTypeAt !== undefined) new DataView(head.buffer).setUint32(fileTypeAt, 0, true);
    return new F32File(source, gguf, head, offsets);
  }

  slice(start = 0, end = this.size): Pick<Blob, "arrayBuffer"> {
    return { arrayBuffer: () => this.#read(start, Math.min(end, this.size)) };
  }

  async #read(start: number, end: number): Promise<ArrayBuffer> {
    const out = new Uint8Array(Math.max(0, end - start));
    if (start < this.#head.length) out.set(this.#head.subarray(start, Math.min(end, this.#head.length)));
    for (const tensor of this.#tensors) {
      const from = Math.max(start, tensor.start);
      const to = Math.min(end, tensor.start + 4 * tensor.count);
      if (from < to) await this.#decode(tensor, from - tensor.start, out.subarray(from - start, to - start));
    }
    return out.buffer;
  }

  /** Fills `out` with the F32 bytes of `tensor` that begin at byte `from` of it. */
  async #decode(tensor: Placed, from: number, out: Uint8Array): Promise<void> {
    const { block, bytes } = TENSOR_TYPES[tensor.type] as { block: number; bytes: number };
    const last = Math.ceil((from + out.length) / 4);
    const base = this.#sourceData + tensor.offset;
    for (let value = Math.floor(from / 4 / block) * block; value < last; value += PIECE) {
      const stop = Math.min(Math.ceil(last / block) * block, value + PIECE, tensor.count);
      const piece = this.#source.slice(base + (value / block) * bytes, base + (stop / block) * bytes);
      const source = new Uint8Array(await piece.arrayBuffer());
      const began = performance.now();
      const whole =
        4 * value >= from && 4 * stop <= from + out.length && (out.byteOffset + 4 * value - from) % 4 === 0;
      if (whole) {
        dequantise(
          tensor.type,
          source,
          new Float32Array(out.buffer, out.byteOffset + 4 * value - from, stop - value),
        );
      } else {
        const values = new Float32Array(stop - value);
        dequantise(tensor.type, source, values);
        const decoded = new Uint8Array(values.buffer);
        const skip = Math.max(0, from - 4 * value);
        const to = Math.max(0, 4 * value - from);
        out.set(decoded.subarray(skip, skip + out.length - to), to);
      }
      this.decodeMs += performance.now() - began;
    }
  }
}
