/** RunAnywhere's `AudioCapture`, over {@link Microphone}: nothing of it is computed in the page. */
import { type SoundFrame, SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { Microphone } from "../voice/microphone.ts";

export interface AudioCaptureConfig {
  /** Only 16,000, the default: what all speech models take. */
  sampleRate?: number;
  /** Samples of a chunk; default 1,600. */
  chunkSize?: number;
  /** Only 1, the default. */
  channels?: number;
}

/** Seconds that are kept of what nobody drained: the oldest go first. */
const MOST_S = 600;

export class AudioCapture {
  readonly #microphone = new Microphone();
  readonly #chunkSize: number;
  #port: MessagePort | null = null;
  #chunks: Float32Array[] = [];
  #kept = 0;
  #filling: number[] = [];

  /** @throws AlcoveError `unsupported` for another rate or for several channels */
  constructor({ sampleRate = SPEECH_RATE, chunkSize = 1600, channels = 1 }: AudioCaptureConfig = {}) {
    if (sampleRate !== SPEECH_RATE || channels !== 1) {
      throw new AlcoveError("unsupported", "The microphone gives 16,000 samples a second on one channel.", {
        action: "Leave sampleRate and channels out.",
      });
    }
    this.#chunkSize = chunkSize;
  }

  get isCapturing(): boolean {
    return this.#microphone.isCapturing;
  }

  /** 0 to 1. */
  get currentLevel(): number {
    return this.#microphone.level;
  }

  get actualSampleRate(): number {
    return SPEECH_RATE;
  }

  get bufferDurationSeconds(): number {
    return this.#kept / SPEECH_RATE;
  }

  /** @throws AlcoveError as `Microphone.start` */
  async start(onChunk?: (samples: Float32Array) => void, onLevel?: (level: number) => void): Promise<void> {
    if (this.#port) return;
    const port = this.#microphone.tap();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<SoundFrame>) => {
      this.#take(data.samples, onChunk);
      onLevel?.(data.level);
    };
    await this.#microphone.start().catch((thrown) => {
      this.stop();
      throw thrown;
    });
  }

  stop(): void {
    this.#port?.postMessage("close");
    this.#port?.close();
    this.#port = null;
    this.#filling = [];
    this.#microphone.stop();
  }

  /** All that was captured since it was last cleared, ten minutes at most. */
  getAudioBuffer(): Float32Array {
    const all = new Float32Array(this.#kept);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  drainBuffer(): Float32Array {
    const all = this.getAudioBuffer();
    this.clearBuffer();
    return all;
  }

  clearBuffer(): void {
    this.#chunks = [];
    this.#kept = 0;
  }

  #take(samples: Float32Array, onChunk: ((samples: Float32Array) => void) | undefined): void {
    this.#chunks.push(samples);
    this.#kept += samples.length;
    while (this.#kept > MOST_S * SPEECH_RATE) this.#kept -= this.#chunks.shift()?.length ?? 0;
    if (!onChunk) return;
    this.#filling.push(...samples);
    while (this.#filling.length >= this.#chunkSize) {
      onChunk(Float32Array.from(this.#filling.splice(0, this.#chunkSize)));
    }
  }
}
