/** As much of Protocol Buffers as an ONNX file needs: fields in their order, each with its bytes. */
import { AlcoveError } from "../wire/errors.ts";

interface Field {
  number: number;
  /** 0: a varint, 2: length and content, 1 and 5: eight and four bytes. */
  wire: number;
  /** Tag and all: what another message can hold as it is. */
  whole: Uint8Array;
  /** Of wire type 2. */
  content: Uint8Array;
}

const broken = (): AlcoveError => new AlcoveError("model-invalid", "This file is no whole ONNX model.");

/**
 * The fields of a message.
 * @throws AlcoveError `model-invalid` for what is none, or is cut off
 */
export function* fieldsOf(message: Uint8Array): Generator<Field, void> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      if (byte === undefined || scale > 2 ** 63) throw broken();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const wire = tag % 8;
    const length = wire === 2 ? varint() : wire === 1 ? 8 : wire === 5 ? 4 : wire === 0 ? 0 : -1;
    if (wire === 0) varint();
    if (length < 0 || at + length > message.length) throw broken();
    const content = message.subarray(at, at + length);
    at += length;
    yield { number: Math.floor(tag / 8), wire, whole: message.subarray(start, at), content };
  }
}

/** A message of fields that are written already. */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A field with content. */
export const field = (number: number, content: Uint8Array | string): Uint8Array<ArrayBuffer> => {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return joined([varintOf(number * 8 + 2), varintOf(bytes.length), bytes]);
};

function varintOf(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
