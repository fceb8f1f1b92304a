/** A recorded voice: "It was the best of times, it was the worst of times" (moonshine-voice 0.0.73, MIT; 16 kHz). */
import { readFileSync } from "node:fs";
import { FRAME } from "../../../../workers/activity/frame.ts";

const HEADER = 44;
export const here = (name: string): Buffer => readFileSync(`tests/unit/ts/activity/${name}`);

export function clip(): Float32Array<ArrayBuffer> {
  const bytes = here("times.wav").subarray(HEADER);
  return Float32Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readInt16LE(at * 2) / 32768);
}

export function* framesOf(samples: Float32Array<ArrayBuffer>): Generator<Float32Array<ArrayBuffer>> {
  for (let at = 0; at + FRAME <= samples.length; at += FRAME) yield samples.slice(at, at + FRAME);
}

export function weights(): ArrayBuffer {
  const file = readFileSync("models/silero/silero-vad.bin");
  return new Uint8Array(file).buffer;
}
