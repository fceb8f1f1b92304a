/** RunAnywhere's `AudioCapture`, `AudioPlayback` and `AudioFileLoader`. */
import { type SoundFrame, SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { Microphone } from "../voice/microphone.ts";
import { Playback } from "../voice/playback.ts";

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

/** {@link Microphone} in chunks: nothing of it is computed in the page. */
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
    // One that was unplugged can be started again.
    this.#microphone.addEventListener("ended", () => this.stop());
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

export interface PlaybackConfig {
  /** Hz, of samples that do not say; default 22,050. */
  sampleRate?: number;
  /** 0 to 1. */
  volume?: number;
}

export class AudioPlayback {
  readonly #sampleRate: number;
  #volume: number;
  /** Made when it is first wanted: in the click that wants it. */
  #playback: Playback | null = null;

  constructor({ sampleRate = 22_050, volume = 1 }: PlaybackConfig = {}) {
    this.#sampleRate = sampleRate;
    this.#volume = volume;
  }

  get isPlaying(): boolean {
    return this.#playback?.playing ?? false;
  }

  /** Plays, in place of what is being played, and resolves when it has been heard or stopped. */
  async play(samples: Float32Array, sampleRate = this.#sampleRate): Promise<void> {
    this.#playback ??= new Playback({ volume: this.#volume });
    const playback = this.#playback;
    await playback.start();
    playback.stop();
    playback.play(samples, sampleRate);
    await playback.ended();
  }

  stop(): void {
    this.#playback?.stop();
  }

  /** 0 to 1. */
  setVolume(volume: number): void {
    this.#volume = volume;
    if (this.#playback) this.#playback.volume = volume;
  }

  dispose(): void {
    void this.#playback?.close();
    this.#playback = null;
  }
}

export interface AudioFileLoaderResult {
  samples: Float32Array;
  sampleRate: number;
  durationSeconds: number;
}

export const AudioFileLoader = {
  /**
   * Any file that the browser decodes, as mono samples of that rate.
   * @throws AlcoveError `bad-request` for what it does not decode
   */
  async toFloat32Array(file: Blob, targetSampleRate = 16_000): Promise<AudioFileLoaderResult> {
    try {
      // It brings what it decodes to its own rate.
      const context = new OfflineAudioContext(1, 1, targetSampleRate);
      const decoded = await context.decodeAudioData(await file.arrayBuffer());
      const channels = Array.from({ length: decoded.numberOfChannels }, (_, at) =>
        decoded.getChannelData(at),
      );
      const samples = Float32Array.from({ length: decoded.length }, (_, at) => {
        return channels.reduce((sum, channel) => sum + (channel[at] as number), 0) / channels.length;
      });
      return { samples, sampleRate: targetSampleRate, durationSeconds: decoded.duration };
    } catch (thrown) {
      throw new AlcoveError("bad-request", "This is no audio that this browser can play.", {
        action: "Choose a sound or video file, as MP3, M4A, WAV, OGG or WebM.",
        detail: String(thrown),
      });
    }
  },
};
