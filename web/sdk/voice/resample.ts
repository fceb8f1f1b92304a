/** Samples at any rate → samples at another, piece by piece, without a seam: a windowed sinc. */

/** Zero crossings of the sinc on either side. */
const REACH = 12;

export class Resampler {
  readonly #step: number;
  /** Below the lower of both rates' limits, as a part of the sum of what comes in. */
  readonly #cutoff: number;
  readonly #half: number;
  /** The end of what came, of which later samples still need something. */
  #rest: Float32Array = new Float32Array(0);
  /** Place in `#rest` of the next sample to come out. */
  #at = 0;

  /** @param from, to samples a second */
  constructor(from: number, to: number) {
    this.#step = from / to;
    this.#cutoff = Math.min(1, to / from);
    this.#half = Math.ceil(REACH / this.#cutoff);
    // As if silence came before the start.
    this.#rest = new Float32Array(this.#half);
    this.#at = this.#half;
  }

  /** What can be said of the samples until now. */
  push(samples: Float32Array): Float32Array {
    if (this.#step === 1) return samples;
    const all = new Float32Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const count = Math.max(0, Math.ceil((all.length - this.#half - this.#at) / this.#step));
    const out = new Float32Array(count);
    for (let i = 0; i < count; i++) out[i] = this.#one(all, this.#at + i * this.#step);
    this.#at += count * this.#step;
    const gone = Math.max(0, Math.floor(this.#at) - this.#half);
    this.#rest = all.slice(gone);
    this.#at -= gone;
    return out;
  }

  /** The last samples, as if silence followed. */
  flush(): Float32Array {
    return this.#step === 1 ? new Float32Array(0) : this.push(new Float32Array(this.#half));
  }

  #one(all: Float32Array, place: number): number {
    const first = Math.max(0, Math.ceil(place - this.#half));
    const last = Math.min(all.length - 1, Math.floor(place + this.#half));
    let sum = 0;
    let weights = 0;
    for (let i = first; i <= last; i++) {
      const away = i - place;
      const x = Math.PI * away * this.#cutoff;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * away) / (this.#half + 1));
      const weight = (Math.abs(x) < 1e-9 ? 1 : Math.sin(x) / x) * window;
      sum += weight * (all[i] as number);
      weights += weight;
    }
    return sum / weights;
  }
}
