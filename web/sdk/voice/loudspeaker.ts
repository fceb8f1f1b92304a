/** What plays an answer: it knows how much of it was heard, and how loud it is. */
import { Playback } from "./playback.ts";
import { sound } from "./sound.ts";

/** Seconds of which a loudness is told. */
const BLOCK_S = 0.032;
/** Pieces that are over and still held: somebody asks how loud it was a moment ago. */
const KEPT = 4;

interface Piece {
  /** Seconds on the clock of the sound. */
  from: number;
  to: number;
  /** The root of the mean square of each block. */
  loudness: Float32Array;
}

export class Loudspeaker {
  readonly #playback = new Playback({ context: sound() });
  #pieces: Piece[] = [];
  /** Seconds of pieces that are let go of. */
  #past = 0;

  get playing(): boolean {
    return this.#playback.playing;
  }

  /** Seconds of what was added that have been heard, since it was made or stopped. */
  get heard(): number {
    const now = this.#playback.time;
    const part = ({ from, to }: Piece) => Math.max(0, Math.min(now, to) - from);
    return this.#pieces.reduce((sum, piece) => sum + part(piece), this.#past);
  }

  /** How loud it was at most in the last `seconds`: the root of the mean square of a block, 0 to 1. */
  loudness(seconds: number): number {
    const now = this.#playback.time;
    let most = 0;
    for (const { from, loudness } of this.#pieces) {
      const first = Math.max(0, Math.floor((now - seconds - from) / BLOCK_S));
      const last = Math.min(loudness.length, Math.ceil((now - from) / BLOCK_S));
      for (let at = first; at < last; at++) most = Math.max(most, loudness[at] as number);
    }
    return most * this.#playback.volume;
  }

  /** Plays sound after what is there already. */
  add(samples: Float32Array, sampleRate: number): void {
    const { from, to } = this.#playback.play(samples, sampleRate);
    const now = this.#playback.time;
    const over = this.#pieces.filter((piece) => piece.to < now).length - KEPT;
    for (const piece of this.#pieces.splice(0, Math.max(0, over))) this.#past += piece.to - piece.from;
    this.#pieces.push({ from, to, loudness: blocks(samples, sampleRate) });
  }

  /** Resolves when all that was added has been heard, or it was stopped. */
  finished(): Promise<void> {
    return this.#playback.ended();
  }

  /** Falls silent at once; returns the seconds that were heard. */
  stop(): number {
    const { heard } = this;
    this.#playback.stop();
    this.#pieces = [];
    this.#past = 0;
    return heard;
  }
}

function blocks(samples: Float32Array, sampleRate: number): Float32Array {
  const size = Math.max(1, Math.round(sampleRate * BLOCK_S));
  return Float32Array.from({ length: Math.ceil(samples.length / size) }, (_, block) => {
    const part = samples.subarray(block * size, (block + 1) * size);
    return Math.sqrt(part.reduce((sum, sample) => sum + sample * sample, 0) / part.length);
  });
}
