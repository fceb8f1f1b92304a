/** Sound as a file that every player knows: WAV, one channel, 16 bits. */

const HEADER = 44;

/** Grows as sound comes; what came is the browser's to keep, in memory or on the disk. */
export class WavFile {
  readonly sampleRate: number;
  readonly #parts: Blob[] = [];
  #count = 0;

  /** @param sampleRate in Hz, of all that comes */
  constructor(sampleRate: number) {
    this.sampleRate = sampleRate;
  }

  /** Seconds of sound in it. */
  get seconds(): number {
    return this.#count / this.sampleRate;
  }

  /** @param samples from -1 to 1 */
  add(samples: Float32Array): void {
    const bits = new Int16Array(samples.length);
    for (let at = 0; at < samples.length; at++) {
      bits[at] = Math.round(Math.max(-1, Math.min(1, samples[at] as number)) * 32767);
    }
    this.#parts.push(new Blob([bits]));
    this.#count += samples.length;
  }

  /** What came so far. */
  blob(): Blob {
    return new Blob([this.#header(), ...this.#parts], { type: "audio/wav" });
  }

  #header(): ArrayBuffer {
    const header = new DataView(new ArrayBuffer(HEADER));
    const word = (at: number, letters: string) => {
      for (const [index, letter] of [...letters].entries()) header.setUint8(at + index, letter.charCodeAt(0));
    };
    const bytes = this.#count * 2;
    word(0, "RIFF");
    header.setUint32(4, HEADER - 8 + bytes, true);
    word(8, "WAVEfmt ");
    header.setUint32(16, 16, true);
    header.setUint16(20, 1, true); // PCM
    header.setUint16(22, 1, true);
    header.setUint32(24, this.sampleRate, true);
    header.setUint32(28, this.sampleRate * 2, true);
    header.setUint16(32, 2, true);
    header.setUint16(34, 16, true);
    word(36, "data");
    header.setUint32(40, bytes, true);
    return header.buffer;
  }
}
