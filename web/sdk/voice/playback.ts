/** Plays sound as it comes, without gaps, until it is stopped. */

/** So long after a sound was given its first sample is heard: the browser needs a moment. */
const LEAD_S = 0.03;

export interface PlaybackOptions {
  /** From 0 to 1. */
  volume?: number;
  /** Where it is heard; one of its own where this is left out, which {@link Playback.close} ends. */
  context?: AudioContext;
}

export class Playback {
  readonly #context: AudioContext;
  readonly #own: boolean;
  readonly #gain: GainNode;
  readonly #playing = new Set<AudioBufferSourceNode>();
  /** When what was given so far ends, in the time of the context. */
  #end = 0;
  #ended: (() => void)[] = [];

  constructor({ volume = 1, context }: PlaybackOptions = {}) {
    this.#own = !context;
    this.#context = context ?? new AudioContext();
    this.#gain = this.#context.createGain();
    this.#gain.connect(this.#context.destination);
    this.volume = volume;
  }

  /** From 0 to 1; what is being heard changes too. */
  get volume(): number {
    return this.#gain.gain.value;
  }

  set volume(volume: number) {
    this.#gain.gain.value = Math.max(0, Math.min(1, volume));
  }

  /** Whether something is to be heard. */
  get playing(): boolean {
    return this.#playing.size > 0;
  }

  /** Seconds of sound that were given and not heard yet. */
  get ahead(): number {
    return this.playing ? Math.max(0, this.#end - this.#context.currentTime) : 0;
  }

  /** Where the sound goes through: for whoever wants to see or hear it too. */
  get output(): AudioNode {
    return this.#gain;
  }

  /**
   * Lets sound be heard. Browsers want it called while a click or a key is handled the first time, and again after the
   * system took the sound away.
   */
  async start(): Promise<void> {
    if (this.#context.state !== "running") await this.#context.resume();
  }

  /**
   * Plays `samples` (from -1 to 1, `sampleRate` in Hz) after all that was given before.
   * @returns when it is heard, in the time of the context: the seconds of its first and last sample
   */
  play(samples: Float32Array, sampleRate: number): { from: number; to: number } {
    const now = this.#context.currentTime;
    const from = this.playing ? Math.max(this.#end, now) : now + LEAD_S;
    if (samples.length === 0) return { from, to: from };
    const buffer = this.#context.createBuffer(1, samples.length, sampleRate);
    buffer.getChannelData(0).set(samples);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#gain);
    source.addEventListener("ended", () => this.#gone(source));
    source.start(from);
    this.#playing.add(source);
    this.#end = from + buffer.duration;
    return { from, to: this.#end };
  }

  /** The time that {@link play} speaks of. */
  get time(): number {
    return this.#context.currentTime;
  }

  /** Resolves when all that was given was heard, or stopped. */
  ended(): Promise<void> {
    return new Promise((resolve) => {
      if (this.playing) this.#ended.push(resolve);
      else resolve();
    });
  }

  /** Silence, at once; what was given is forgotten. */
  stop(): void {
    for (const source of [...this.#playing]) {
      source.stop();
      source.disconnect();
      this.#gone(source);
    }
    this.#end = 0;
  }

  /** As {@link stop}, and for good. */
  async close(): Promise<void> {
    this.stop();
    this.#gain.disconnect();
    if (this.#own && this.#context.state !== "closed") await this.#context.close();
  }

  #gone(source: AudioBufferSourceNode): void {
    if (!this.#playing.delete(source) || this.playing) return;
    for (const resolve of this.#ended.splice(0)) resolve();
  }
}
