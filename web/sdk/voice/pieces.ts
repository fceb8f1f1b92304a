/**
 * Where a recording is cut before it is heard: at pauses, so that no piece is longer than the model takes well, none
 * holds silence alone, and no sample of speech is left out or given twice.
 */
import { FRAME, SAMPLE_RATE } from "../../../workers/speech/protocol.ts";

/** A frame as likely as this begins speech; one less likely than the other may end it. */
const SPEECH = 0.5;
const QUIET = 0.35;
/** Of a piece, below which there is nothing to hear in it: a breath is shorter, and a word is not. */
const LEAST_SPEECH_FRAMES = 8;
/** The same of what goes on behind a cut, where it may be the end of a word. */
const LEAST_REST_FRAMES = 3;
/** Root mean square of its speech: -60 dB of what a sample can hold. */
const LEAST_LOUDNESS = 0.001;
/** What is shorter than the one, and fainter than this part of what was spoken before, is a breath too. */
const SHORT_S = 0.4;
const FAINT = 0.6;
/** Kept before and after what is taken for speech: the breath of a first consonant. */
const PAD_S = 0.3;
/** A pause this long ends a piece: what is heard with what is around it is heard better. */
const PAUSE_S = 1.5;
/** Where somebody waits for the words, this long ends one that is long enough. */
const LIVE_PAUSE_S = 0.6;
const LONG_ENOUGH_S = 4;
/** A piece that grows too long is cut behind this part of it. */
const EARLIEST = 0.4;

const frames = (seconds: number): number => Math.round((seconds * SAMPLE_RATE) / FRAME);

/** Samples that are to be heard together. `start` and `end` are the seconds in the whole where their speech is. */
export interface Piece {
  samples: Float32Array;
  start: number;
  end: number;
  /** Seconds in the whole of the first sample. */
  from: number;
}

/** A piece that is growing: the frame where it begins, and those of its first and behind its last speech. */
interface Open {
  from: number;
  start: number;
  end: number;
  /** Frames of speech, below which there is nothing to hear in it. */
  least: number;
}

export class Pieces {
  readonly #most: number;
  readonly #live: boolean;
  /** What came and may still be needed: it begins with the frame `#first`. */
  #samples: Float32Array = new Float32Array(0);
  #activity: number[] = [];
  #first = 0;
  #open: Open | undefined;
  /** How loud the pieces were, the last ones above all. */
  #usual = 0;
  /** No piece begins before this frame: what is before it has been given. */
  #given = 0;

  /**
   * @param mostSeconds no piece is longer
   * @param live whether somebody waits for the words
   */
  constructor(mostSeconds: number, live = false) {
    this.#most = frames(mostSeconds) - 1;
    this.#live = live;
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
    return this.#open && this.#piece(this.#first + this.#activity.length, this.#open);
  }

  #look(frame: number, likely: number): Piece[] {
    if (!this.#open) {
      // Neither is what is not a number.
      if (!(likely >= SPEECH)) return [];
      const from = Math.max(this.#given, frame - frames(PAD_S), 0);
      this.#open = { from, start: frame, end: frame + 1, least: LEAST_SPEECH_FRAMES };
      return [];
    }
    const open = this.#open;
    if (likely >= QUIET) open.end = frame + 1;
    const pause = frame + 1 - open.end;
    const longEnough = this.#live && open.end - open.start >= frames(LONG_ENOUGH_S);
    if (pause >= frames(longEnough ? LIVE_PAUSE_S : PAUSE_S)) {
      this.#open = undefined;
      return this.#cut(open.end + frames(PAD_S), open);
    }
    if (frame + 1 - open.from < this.#most) return [];
    // Too long, without a pause that ended it: where it is quietest, and speech goes on behind that.
    const at = this.#quietest(open.from + Math.floor(this.#most * EARLIEST), frame + 1);
    const speaks = (each: number) => (this.#activity[each - this.#first] ?? 0) >= QUIET;
    let [end, start] = [at, at];
    while (end > open.start && !speaks(end - 1)) end--;
    while (start < open.end && !speaks(start)) start++;
    const piece = this.#cut(at, { ...open, end });
    this.#open = start < open.end ? { from: at, start, end: open.end, least: LEAST_REST_FRAMES } : undefined;
    return piece;
  }

  #cut(to: number, open = this.#open): Piece[] {
    if (!open) return [];
    this.#given = to;
    const piece = this.#piece(to, open);
    if (!piece) return [];
    const loud = loudness(this.#of(open.start, open.end));
    this.#usual = this.#usual ? (this.#usual + loud) / 2 : loud;
    return [piece];
  }

  /** Undefined where nobody speaks in it. */
  #piece(to: number, { from, start, end, least }: Open): Piece | undefined {
    const likely = this.#activity.slice(start - this.#first, end - this.#first);
    if (likely.filter((each) => each >= SPEECH).length < least) return undefined;
    const samples = this.#of(from, to);
    const loud = loudness(this.#of(start, end));
    const usual = end - start < frames(SHORT_S) ? this.#usual * FAINT : 0;
    if (!(loud >= Math.max(LEAST_LOUDNESS, usual))) return undefined;
    const seconds = (frame: number) => (frame * FRAME) / SAMPLE_RATE;
    return { samples: samples.slice(), start: seconds(start), end: seconds(end), from: seconds(from) };
  }

  #of(from: number, to: number): Float32Array {
    return this.#samples.subarray((from - this.#first) * FRAME, (to - this.#first) * FRAME);
  }

  /** The middle of the longest pause from `from` to `to`, or the faintest frame where there is none. */
  #quietest(from: number, to: number): number {
    let longest = { at: to, length: 0 };
    let faintest = { at: to, score: Number.POSITIVE_INFINITY };
    let pause = 0;
    for (let frame = from; frame < to; frame++) {
      const at = frame - this.#first;
      pause = (this.#activity[at] ?? 1) < QUIET ? pause + 1 : 0;
      if (pause > longest.length) longest = { at: frame + 1 - Math.ceil(pause / 2), length: pause };
      const near = [at - 1, at, at + 1].map((each) => this.#activity[each] ?? 1);
      const score = near.reduce((sum, each) => sum + each, 0) + 10 * loudness(this.#of(frame, frame + 1));
      if (score <= faintest.score) faintest = { at: frame, score };
    }
    return longest.length > 0 ? longest.at : faintest.at;
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
