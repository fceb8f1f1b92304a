/** WAV files, read piece by piece: the browser's decoder holds the whole of a recording in memory, and some last hours. */

interface Wav {
  sampleRate: number;
  /** Samples of each channel. */
  length: number;
  /** All channels as one, from the sample `start` to `end`. */
  read(start: number, end: number): Promise<Float32Array>;
}

/** Longer heads than this (pictures, cue points before the samples) are left to the browser. */
const HEAD = 1 << 16;
const [PCM, FLOAT, EXTENSIBLE] = [1, 3, 0xfffe];

type Sample = (view: DataView, at: number) => number;

/** Undefined for what is no WAV file, or one in a form that is left to the browser. */
export async function openWav(file: Blob): Promise<Wav | undefined> {
  const head = new DataView(await file.slice(0, HEAD).arrayBuffer());
  const name = (at: number) =>
    at + 4 <= head.byteLength ? String.fromCharCode(...new Uint8Array(head.buffer, at, 4)) : "";
  if (name(0) !== "RIFF" || name(8) !== "WAVE") return undefined;
  let form: { sampleRate: number; channels: number; bytes: number; sample: Sample } | undefined;
  for (let at = 12; at + 8 <= head.byteLength; ) {
    const size = head.getUint32(at + 4, true);
    if (name(at) === "fmt " && at + 24 <= head.byteLength) form = formOf(head, at + 8, size);
    if (name(at) === "data" && form) return of(file, at + 8, size, form);
    at += 8 + size + (size % 2);
  }
  return undefined;
}

function formOf(head: DataView, at: number, size: number) {
  const plain = head.getUint16(at, true);
  const kind = plain === EXTENSIBLE && size >= 26 ? head.getUint16(at + 24, true) : plain;
  const channels = head.getUint16(at + 2, true);
  const sampleRate = head.getUint32(at + 4, true);
  const bits = head.getUint16(at + 14, true);
  const sample = sampleOf(kind, bits);
  return sample && channels > 0 && sampleRate > 0
    ? { sampleRate, channels, bytes: bits / 8, sample }
    : undefined;
}

function sampleOf(kind: number, bits: number): Sample | undefined {
  if (kind === FLOAT && bits === 32) return (view, at) => view.getFloat32(at, true);
  if (kind !== PCM) return undefined;
  if (bits === 8) return (view, at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (view, at) => view.getInt16(at, true) / 2 ** 15;
  if (bits === 24) return (view, at) => (view.getInt16(at + 1, true) * 256 + view.getUint8(at)) / 2 ** 23;
  if (bits === 32) return (view, at) => view.getInt32(at, true) / 2 ** 31;
  return undefined;
}

function of(
  file: Blob,
  from: number,
  size: number,
  { sampleRate, channels, bytes, sample }: NonNullable<ReturnType<typeof formOf>>,
): Wav {
  const frame = bytes * channels;
  // A recorder that was cut off, or streamed, has not said how long it became.
  const length = Math.floor(Math.min(size, file.size - from) / frame);
  return {
    sampleRate,
    length,
    read: async (start, end) => {
      const view = new DataView(await file.slice(from + start * frame, from + end * frame).arrayBuffer());
      const mixed = new Float32Array(Math.floor(view.byteLength / frame));
      for (let i = 0; i < mixed.length; i++) {
        let sum = 0;
        for (let channel = 0; channel < channels; channel++) sum += sample(view, i * frame + channel * bytes);
        mixed[i] = sum / channels;
      }
      return mixed;
    },
  };
}
