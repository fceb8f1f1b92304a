/** Sound as it goes to whoever listens: mono, 16,000 samples a second, from -1 to 1, in frames of 32 ms. */
import { Resampler } from "../sound/resampler.ts";
import { type SoundFrame, SPEECH_RATE } from "./protocol.ts";

/** Samples of one frame. */
export const FRAME = 512;
export const FRAME_MS = 32;

/** Makes frames of sound of any rate, which comes in pieces of any length. */
export class Framer {
  readonly #resampler: Resampler;
  readonly #tell: (frame: SoundFrame) => void;
  #frame = new Float32Array(FRAME);
  #filled = 0;

  constructor(rate: number, tell: (frame: SoundFrame) => void) {
    this.#resampler = new Resampler(rate, SPEECH_RATE);
    this.#tell = tell;
  }

  push(piece: Float32Array): void {
    for (const sample of this.#resampler.push(piece)) {
      this.#frame[this.#filled++] = sample;
      if (this.#filled === FRAME) this.#send();
    }
  }

  #send(): void {
    const samples = this.#frame;
    let power = 0;
    for (const sample of samples) power += sample * sample;
    this.#frame = new Float32Array(FRAME);
    this.#filled = 0;
    this.#tell({ samples, level: Math.sqrt(power / FRAME) });
  }
}
