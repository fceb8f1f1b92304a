/** Whatever audio a page has → 16 kHz, one channel, piece by piece. */
import { Resampler } from "../../../workers/sound/resampler.ts";
import { SAMPLE_RATE } from "../../../workers/speech/protocol.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { nextTask } from "../../../workers/wire/stream.ts";
import { openWav } from "./wav-reader.ts";

/** Samples of one channel, numbers of -1 to 1. */
export interface Samples {
  samples: Float32Array;
  /** Samples a second. */
  sampleRate: number;
}

/**
 * A file that the browser decodes (a video's sound too), what it decoded, samples, or samples as they come: from a
 * microphone, say. A bare Float32Array of a stream has 16,000 samples a second.
 */
export type Audio = Blob | AudioBuffer | Samples | AsyncIterable<Float32Array | Samples>;

/** Audio that is ready to be heard. */
export interface Listened {
  /** Seconds of all of it, where that is known before its end. */
  seconds: number | undefined;
  pieces: AsyncIterable<Float32Array>;
  /** Whether it comes as it is spoken: whoever waits wants to see what there is. */
  live: boolean;
}

/** Samples that are converted at a time: some milliseconds of work, between which the page draws. */
const PIECE = SAMPLE_RATE * 10;
const RATES = { least: 4000, most: 384_000 };

/** @throws AlcoveError `bad-request` for what is no audio, or holds none; `out-of-memory` */
export async function listen(audio: Audio): Promise<Listened> {
  if (audio instanceof Blob) return (await ofWav(audio)) ?? whole(await decode(audio));
  if (isBuffer(audio)) return whole(audio);
  if (isStream(audio)) return { seconds: undefined, pieces: resampled(audio), live: true };
  checkSamples(audio);
  const { samples, sampleRate } = audio;
  const all = mono(sampleRate, samples.length, (start, end) => samples.subarray(start, end));
  return { seconds: samples.length / sampleRate, pieces: all, live: false };
}

/** However long it is, only a piece of it is in memory. */
async function ofWav(file: Blob): Promise<Listened | undefined> {
  const wav = await openWav(file).catch(() => undefined);
  if (!wav || wav.sampleRate < RATES.least || wav.sampleRate > RATES.most) return undefined;
  if (wav.length === 0) throw empty();
  const read = (start: number, end: number) => wav.read(start, end).catch(unreadable);
  const seconds = wav.length / wav.sampleRate;
  return { seconds, pieces: mono(wav.sampleRate, wav.length, read), live: false };
}

function whole(buffer: AudioBuffer): Listened {
  const { sampleRate, length, numberOfChannels, duration } = buffer;
  if (length === 0) throw empty();
  const channels = Array.from({ length: numberOfChannels }, (_, at) => buffer.getChannelData(at));
  const mixed = (start: number, end: number): Float32Array => {
    const sum = new Float32Array(end - start);
    for (const channel of channels) {
      for (let i = start; i < end; i++) sum[i - start] = (sum[i - start] as number) + (channel[i] as number);
    }
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) / numberOfChannels;
    return sum;
  };
  return { seconds: duration, pieces: mono(sampleRate, length, mixed), live: false };
}

async function* mono(
  rate: number,
  length: number,
  take: (start: number, end: number) => Float32Array | Promise<Float32Array>,
): AsyncGenerator<Float32Array> {
  const resampler = new Resampler(rate, SAMPLE_RATE);
  for (let start = 0; start < length; start += PIECE) {
    yield resampler.push(await take(start, Math.min(length, start + PIECE)));
    await nextTask();
  }
  yield resampler.flush();
}

async function* resampled(stream: AsyncIterable<Float32Array | Samples>): AsyncGenerator<Float32Array> {
  let resampler: Resampler | undefined;
  let rate = 0;
  for await (const given of stream) {
    const piece = given instanceof Float32Array ? { samples: given, sampleRate: SAMPLE_RATE } : given;
    checkSamples(piece);
    if (piece.sampleRate !== rate) {
      if (resampler) yield resampler.flush();
      rate = piece.sampleRate;
      resampler = new Resampler(rate, SAMPLE_RATE);
    }
    yield (resampler as Resampler).push(piece.samples);
  }
  if (resampler) yield resampler.flush();
}

/** Decoded by the browser, outside this thread, and brought to our rate by it. */
async function decode(file: Blob): Promise<AudioBuffer> {
  if (file.size === 0) throw empty();
  const bytes = await file.arrayBuffer().catch(unreadable);
  try {
    return await new OfflineAudioContext(1, 1, SAMPLE_RATE).decodeAudioData(bytes);
  } catch (thrown) {
    if (thrown instanceof RangeError)
      throw new AlcoveError("out-of-memory", "This recording is too long for this browser.", {
        action: "Cut it into parts, and transcribe one after the other.",
        detail: String(thrown),
      });
    const detail = toAlcoveError(thrown).detail ?? String(thrown);
    throw new AlcoveError("bad-request", "This is no audio that this browser can play.", {
      action: "Choose a sound or video file, as MP3, M4A, WAV, OGG or WebM.",
      detail,
    });
  }
}

function unreadable(thrown: unknown): never {
  throw new AlcoveError("bad-request", "This file cannot be read.", {
    action: "Choose it again: it was moved, or changed since.",
    detail: String(thrown),
  });
}

function checkSamples(given: Samples): void {
  const { samples, sampleRate } = given ?? {};
  const good = samples instanceof Float32Array && sampleRate >= RATES.least && sampleRate <= RATES.most;
  if (!good) {
    throw new AlcoveError("bad-request", "This is no audio that can be heard.", {
      action: `Give a file, an AudioBuffer, or { samples: Float32Array, sampleRate } with a rate of ${RATES.least} to ${RATES.most}.`,
    });
  }
}

const isStream = (audio: Exclude<Audio, Blob>): audio is AsyncIterable<Float32Array | Samples> =>
  typeof (audio as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";

/** Of another realm's too: a page inside a frame may decode. */
const isBuffer = (audio: Exclude<Audio, Blob>): audio is AudioBuffer =>
  typeof (audio as Partial<AudioBuffer>)?.getChannelData === "function";

export const empty = (): AlcoveError =>
  new AlcoveError("bad-request", "There is no sound in this.", {
    action: "Choose a recording that is longer.",
  });
