/** Sound of any rate as sound of another, piece by piece, without a seam. */

/** Zero crossings of the filter on each side. */
const CROSSINGS = 16;
/** Places between two samples for which the filter is worked out once. */
const PHASES = 512;
/** A little below half of the lower rate, so that what lies above it is gone before it can fold back. */
const CUTOFF = 0.94;

/** A filter of windowed sinc (Hann). What it gives waits for half of its length: 1 ms at 16,000 Hz and above. */
export class Resampler {
  readonly #step: number;
  readonly #reach: number;
  readonly #filter: Float32Array;
  /** What is still needed of earlier pieces, and where it begins in the whole stream. */
  #held: Float32Array;
  #begin: number;
  #made = 0;

  /** @param from, to samples a second of what comes and of what is made: 44,100 and 16,000, say */
  constructor(from: number, to: number) {
    this.#step = from / to;
    const band = Math.min(1, 1 / this.#step) * CUTOFF;
    this.#reach = Math.ceil(CROSSINGS / band);
    const taps = 2 * this.#reach;
    this.#filter = new Float32Array(PHASES * taps);
    for (let phase = 0; phase < PHASES; phase++) {
      let whole = 0;
      for (let tap = 0; tap < taps; tap++) {
        const away = tap - this.#reach + 1 - phase / PHASES;
        const value = sinc(away * band) * hann(away / this.#reach);
        this.#filter[phase * taps + tap] = value;
        whole += value;
      }
      for (let tap = 0; tap < taps; tap++) {
        const at = phase * taps + tap;
        this.#filter[at] = (this.#filter[at] as number) / whole;
      }
    }
    // Silence before the first sample, which stands at 0.
    this.#held = new Float32Array(this.#reach);
    this.#begin = -this.#reach;
  }

  /** What `samples`, which follow the last ones, make possible; of the same rate, they themselves. */
  push(samples: Float32Array): Float32Array {
    if (this.#step === 1) return samples;
    const held = new Float32Array(this.#held.length + samples.length);
    held.set(this.#held);
    held.set(samples, this.#held.length);
    const end = this.#begin + held.length;
    const count = Math.max(0, Math.ceil((end - this.#reach) / this.#step) - this.#made);
    const made = new Float32Array(count);
    for (let i = 0; i < count; i++) made[i] = this.#at((this.#made + i) * this.#step, held);
    this.#made += count;
    // The next output's first tap.
    const needed = Math.floor(this.#made * this.#step) - this.#reach + 1;
    const drop = Math.min(held.length, Math.max(0, needed - this.#begin));
    this.#held = held.slice(drop);
    this.#begin += drop;
    return made;
  }

  /** The last samples, as if silence followed. */
  flush(): Float32Array {
    return this.#step === 1 ? new Float32Array(0) : this.push(new Float32Array(this.#reach));
  }

  #at(place: number, held: Float32Array): number {
    const taps = 2 * this.#reach;
    let whole = Math.floor(place);
    let phase = Math.round((place - whole) * PHASES);
    if (phase === PHASES) {
      whole += 1;
      phase = 0;
    }
    const first = whole - this.#reach + 1 - this.#begin;
    let sum = 0;
    for (let tap = 0; tap < taps; tap++) {
      // Past the last sample the window is all but nothing.
      sum += (this.#filter[phase * taps + tap] as number) * (held[first + tap] ?? 0);
    }
    return sum;
  }
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
const hann = (x: number): number => (Math.abs(x) >= 1 ? 0 : 0.5 + 0.5 * Math.cos(Math.PI * x));
