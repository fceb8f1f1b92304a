/** What the Transcribe tab is doing: a recording that is being written down, and what came of it. */
import { Microphone } from "../../sdk/embed.ts";
import type { Alcove, Transcript } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { locale } from "../kit/language.ts";
import { w } from "./words.ts";

/** Emits `change` whenever something that is drawn has changed. */
export class Transcribing extends EventTarget {
  readonly #alcove: Promise<Alcove>;
  #work: AbortController | null = null;
  /** Ends a recording, not what is made of it. */
  #recording: AbortController | null = null;
  #microphone: Microphone | null = null;
  failure: Failure | null = null;
  /** What it is called: the file, or the recording. */
  name = "";
  /** The words so far. */
  text = "";
  seconds = 0;
  total: number | undefined;
  transcript: Transcript | null = null;

  constructor(alcove: Promise<Alcove>) {
    super();
    this.#alcove = alcove;
  }

  get busy(): boolean {
    return this.#work !== null;
  }

  get records(): boolean {
    return this.#recording !== null;
  }

  /** Of the microphone, 0 to 1. */
  get level(): number {
    return this.#microphone?.level ?? 0;
  }

  /** Writes down what is said in a file. */
  async take(file: File): Promise<void> {
    await this.#write(file.name, async () => file);
  }

  /** Writes down what is said from now on, until {@link finish}. Call it in a click. */
  async record(): Promise<void> {
    const recording = new AbortController();
    await this.#write(w.recordingOf({ time: new Date().toLocaleString(locale()) }), async (stopped) => {
      const microphone = new Microphone();
      this.#microphone = microphone;
      this.#recording = recording;
      stopped.addEventListener("abort", () => microphone.stop(), { once: true });
      recording.signal.addEventListener("abort", () => microphone.stop(), { once: true });
      // What was heard until it went away is there.
      microphone.addEventListener("ended", () => this.finish());
      microphone.addEventListener("level", () => this.dispatchEvent(new Event("level")));
      const frames = microphone.frames(AbortSignal.any([recording.signal, stopped]));
      await microphone.start();
      return frames;
    });
  }

  /** Ends the recording; what was said is written down to its end. */
  finish(): void {
    this.#recording?.abort();
    this.#recording = null;
    this.#changed();
  }

  /** Ends all of it; nothing comes of it. */
  stop(): void {
    this.finish();
    this.#work?.abort();
  }

  dismiss(): void {
    this.failure = null;
    this.#changed();
  }

  async #write(
    name: string,
    audio: (stopped: AbortSignal) => Promise<File | AsyncIterable<Float32Array>>,
  ): Promise<void> {
    if (this.#work) return;
    const work = new AbortController();
    this.#work = work;
    Object.assign(this, { name, text: "", seconds: 0, total: undefined, transcript: null, failure: null });
    this.#changed();
    const { signal } = work;
    try {
      const taken = await audio(signal);
      this.#changed();
      this.transcript = await (await this.#alcove).transcribe(taken, {
        signal,
        onText: (text) => this.#tell({ text }),
        onProgress: ({ seconds, total }) => this.#tell({ seconds, total }),
      });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== "cancelled") this.failure = failure;
    } finally {
      this.#recording?.abort();
      this.#recording = null;
      this.#microphone?.stop();
      this.#microphone = null;
      this.#work = null;
      this.#changed();
    }
  }

  #tell(now: { text: string } | { seconds: number; total: number | undefined }): void {
    Object.assign(this, now);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
