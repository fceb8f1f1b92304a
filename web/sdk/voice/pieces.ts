/**
 * Where a recording is cut before it is heard: at pauses, so that no piece is longer than the model takes well, none
 * holds silence alone, and no sample of speech is left out or given twice.
 */
import { FRAME, SAMPLE_RATE } from "../../../workers/speech/protocol.ts";

/** A frame as likely as this begins speech; one less likely than the other may end it. */
const SPEECH = 0.5;
const QUIET = 0.35;
/** Of a piece, below which there is nothing to hear in it. */
const LEAST_SPEECH_FRAMES = 4;
/** Root mean square of its speech: -60 dB of what a sample can hold. */
const LEAST_LOUDNESS = 0.001;
/** Kept before and after what is taken for speech: the breath of a first consonant. */
const PAD_S = 0.3;
/** A pause this long ends a piece that is long enough, or any. */
const PAUSE_S = 0.6;
const LONG_PAUSE_S = 1.5;
const LONG_ENOUGH_S = 4;

const frames = (seconds: number): number => Math.round((seconds * SAMPLE_RATE) / FRAME);

/** Samples that are to be heard together. `start` and `end` are the seconds in the whole where their speech is. */
export interface Piece {
  samples: Float32Array;
  start: number;
  end: number;
  /** Seconds in the whole of the first sample. */
  from: number;
}

export class Pieces {
  readonly #most: number;
  /** What came and may still be needed: it begins with the frame `#first`. */
  #samples: Float32Array = new Float32Array(0);
  #activity: number[] = [];
  #first = 0;
  /** The frame where the open piece begins, and those of its first and last speech. */
  #open: { from: number; start: number; end: number } | undefined;
  /** No piece begins before this frame: what is before it has been given. */
  #given = 0;

  /** @param mostSeconds no piece is longer */
  constructor(mostSeconds: number) {
    this.#most = frames(mostSeconds) - 1;
  }

  /**
   * Takes the next samples and what the voice activity says of each of their frames.
   * @param samples whole frames, but for the last of a recording
   * @returns the pieces that are complete now
   */
  push(samples: Float32Array, activity: Float32Array): Piece[] {
    const joined = new Float32Array(this.#samples.length + samples.length);
    joined.set(this.#samples);
    joined.set(samples, this.#samples.length);
    this.#samples = joined;
    const done: Piece[] = [];
    for (const likely of activity) {
      const frame = this.#first + this.#activity.length;
      this.#activity.push(likely);
      done.push(...this.#look(frame, likely));
    }
    this.#forget();
    return done;
  }

  /** The piece that is still open, at the end of the recording. */
  flush(): Piece[] {
    const piece = this.#open ? this.#cut(this.#first + this.#activity.length) : [];
    this.#open = undefined;
    return piece;
  }

  /** What is open now, to be heard before it is whole. */
  get unfinished(): Piece | undefined {
    if (!this.#open) return undefined;
    const { from, start, end } = this.#open;
    return this.#piece(from, this.#first + this.#activity.length, start, end);
  }

  /** Whether there is speech that has not ended. */
  get speaking(): boolean {
    return this.#open !== undefined;
  }

  #look(frame: number, likely: number): Piece[] {
    if (!this.#open) {
      // Neither is what is not a number.
      if (!(likely >= SPEECH)) return [];
      this.#open = { from: Math.max(this.#given, frame - frames(PAD_S), 0), start: frame, end: frame + 1 };
      return [];
    }
    const open = this.#open;
    if (likely >= QUIET) open.end = frame + 1;
    const pause = frame + 1 - open.end;
    const long = open.end - open.start >= frames(LONG_ENOUGH_S);
    if (pause >= frames(LONG_PAUSE_S) || (long && pause >= frames(PAUSE_S))) {
      this.#open = undefined;
      return this.#cut(open.end + frames(PAD_S), open);
    }
    if (frame + 1 - open.from < this.#most) return [];
    // Too long, without a pause that ended it: at its quietest frame, and speech goes on behind that.
    const at = this.#quietest(open.from + Math.floor(this.#most / 2), frame + 1);
    const piece = this.#cut(at, { ...open, end: Math.min(open.end, at) });
    this.#open = open.end > at ? { from: at, start: at, end: open.end } : undefined;
    return piece;
  }

  #cut(to: number, open = this.#open): Piece[] {
    if (!open) return [];
    this.#given = to;
    const piece = this.#piece(open.from, to, open.start, open.end);
    return piece ? [piece] : [];
  }

  /** Undefined where nobody speaks in it. */
  #piece(from: number, to: number, start: number, end: number): Piece | undefined {
    const likely = this.#activity.slice(start - this.#first, end - this.#first);
    if (likely.filter((each) => each >= SPEECH).length < LEAST_SPEECH_FRAMES) return undefined;
    const samples = this.#of(from, to);
    if (!(loudness(this.#of(start, end)) >= LEAST_LOUDNESS)) return undefined;
    const seconds = (frame: number) => (frame * FRAME) / SAMPLE_RATE;
    return { samples: samples.slice(), start: seconds(start), end: seconds(end), from: seconds(from) };
  }

  #of(from: number, to: number): Float32Array {
    return this.#samples.subarray((from - this.#first) * FRAME, (to - this.#first) * FRAME);
  }

  #quietest(from: number, to: number): number {
    let best = to;
    let least = Number.POSITIVE_INFINITY;
    for (let frame = from; frame < to; frame++) {
      const at = frame - this.#first;
      const near = [at - 1, at, at + 1].map((each) => this.#activity[each] ?? 1);
      const score = near.reduce((sum, each) => sum + each, 0) + 10 * loudness(this.#of(frame, frame + 1));
      if (score <= least) {
        least = score;
        best = frame;
      }
    }
    return best;
  }

  /** Lets go of what no piece can begin with any more. */
  #forget(): void {
    const needed = this.#open?.from ?? this.#first + this.#activity.length - frames(PAD_S) - 1;
    const gone = Math.max(0, Math.min(needed - this.#first, Math.floor(this.#samples.length / FRAME)));
    this.#samples = this.#samples.slice(gone * FRAME);
    this.#activity = this.#activity.slice(gone);
    this.#first += gone;
  }
}

function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}
