/** Builds small GGUF files for tests. */

export interface TestTensor {
  name: string;
  shape: number[];
  type: number;
  data: Uint8Array;
}

class Writer {
  readonly bytes: number[] = [];
  u32(value: number): this {
    for (let i = 0; i < 4; i++) this.bytes.push((value >>> (8 * i)) & 255);
    return this;
  }
  u64(value: number | bigint): this {
    for (let i = 0n; i < 8n; i++) this.bytes.push(Number((BigInt(value) >> (8n * i)) & 255n));
    return this;
  }
  text(value: string): this {
    const encoded = new TextEncoder().encode(value);
    this.u64(encoded.length).bytes.push(...encoded);
    return this;
  }
  pad(alignment: number): this {
    while (this.bytes.length % alignment) this.bytes.push(0);
    return this;
  }
}

type Value = string | number | boolean | string[] | Int32Array;

/** Bytes of a GGUF version 3 file: numbers become u32, lists of texts become arrays. */
export function ggufBytes(metadata: Record<string, Value>, tensors: TestTensor[]): Uint8Array<ArrayBuffer> {
  const out = new Writer();
  out.bytes.push(...new TextEncoder().encode("GGUF"));
  out.u32(3).u64(tensors.length).u64(Object.keys(metadata).length);
  for (const [key, value] of Object.entries(metadata)) {
    out.text(key);
    if (typeof value === "string") out.u32(8).text(value);
    else if (typeof value === "number") out.u32(4).u32(value);
    else if (typeof value === "boolean") out.u32(7).bytes.push(Number(value));
    else if (value instanceof Int32Array) {
      out.u32(9).u32(5).u64(value.length);
      for (const item of value) out.u32(item);
    } else {
      out.u32(9).u32(8).u64(value.length);
      for (const item of value) out.text(item);
    }
  }
  let offset = 0;
  for (const { name, shape, type, data } of tensors) {
    out.text(name).u32(shape.length);
    for (const extent of shape) out.u64(extent);
    out.u32(type).u64(offset);
    offset = Math.ceil((offset + data.length) / 32) * 32;
  }
  out.pad(32);
  for (const { data } of tensors) {
    for (const byte of data) out.bytes.push(byte);
    out.pad(32);
  }
  return Uint8Array.from(out.bytes);
}

/** Metadata that a chat model of any architecture needs. */
export const CHAT_METADATA = {
  "general.architecture": "llama",
  "general.name": "Tiny",
  "general.file_type": 3,
  "llama.context_length": 512,
  "llama.embedding_length": 2,
  "tokenizer.ggml.tokens": ["<s>", "a", "hello"],
  "tokenizer.chat_template": "{{ messages }}",
};
