/** What is read aloud in this page: one text at a time, whoever asked for it. */
import type { Alcove, Speech, Status } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { onePer } from "../kit/one-per.ts";
import { choice } from "./choice.ts";

/** So many seconds of sound wait to be heard; more is not asked for. */
const AHEAD_S = 15;
/** Where the voice is in the text is looked up as often. */
const LOOK_MS = 100;

/** A sentence that is heard. */
interface Heard {
  text: string;
  /** Where it begins, in UTF-16 units. */
  from: number;
}

/** Emits `change` whenever something that is shown of it changed. */
export class Aloud extends EventTarget {
  readonly #alcove: Promise<Alcove>;
  #stop: AbortController | undefined;
  /** One for the page. */
  #context: AudioContext | undefined;
  /** Who asked for what is read, or was the last to do so. */
  owner: unknown = null;
  phase: "silent" | "coming" | "heard" = "silent";
  heard: Heard | null = null;
  /** What could not be spoken, each thing once. */
  skipped: readonly string[] = [];
  failure: Failure | null = null;
  /** What the voice is doing before it can speak. */
  status: Status | null = null;

  constructor(alcove: Promise<Alcove>) {
    super();
    this.#alcove = alcove;
    const follow = (opened: Alcove) =>
      opened.addEventListener("status", () => {
        this.status = opened.status.roles?.voice ?? null;
        this.#tell();
      });
    // Where it cannot be opened, whoever asks for sound is told.
    void alcove.then(follow, () => undefined);
  }

  /** To be called while a click or a key is handled: later, browsers would not take sound for the person's wish. */
  unlock(): AudioContext {
    this.#context ??= new AudioContext();
    void this.#context.resume().catch(() => undefined);
    return this.#context;
  }

  /** Reads `text`; what was read before stops. */
  async start(owner: unknown, text: string): Promise<void> {
    this.stop();
    const stop = new AbortController();
    Object.assign(this, { owner, phase: "coming", heard: null, skipped: [], failure: null });
    this.#stop = stop;
    this.#tell();
    try {
      await this.#read(text, this.unlock(), stop.signal);
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (this.#stop === stop && failure.code !== "cancelled") this.failure = failure;
    } finally {
      if (this.#stop === stop) this.#rest();
    }
  }

  /** Silence, at once. */
  stop(): void {
    this.#stop?.abort();
    this.#rest();
  }

  async #read(text: string, context: AudioContext, signal: AbortSignal): Promise<void> {
    const [{ Playback }, alcove] = await Promise.all([import("../../sdk/embed.ts"), this.#alcove]);
    const playback = new Playback({ context });
    const over = new AbortController();
    signal.addEventListener("abort", () => playback.stop(), { signal: over.signal });
    // After a call, or when the system took the sound away: it is heard again as soon as it may be.
    document.addEventListener("visibilitychange", () => void playback.start(), { signal: over.signal });
    /** The sentences that were given to be heard, and when they are. */
    const given: { at: number; sentence: Heard }[] = [];
    const look = setInterval(() => {
      const now = given.filter(({ at }) => at <= playback.time).at(-1)?.sentence;
      if (now && now !== this.heard) this.#hear(now);
    }, LOOK_MS);
    try {
      for await (const speech of alcove.speak(text, { ...choice(), signal })) {
        this.#note(speech);
        const sentence = { text: speech.text, from: speech.from };
        if (speech.sampleRate === 0) this.#hear(sentence);
        else if (speech.samples.length > 0) {
          const { from } = playback.play(speech.samples, speech.sampleRate);
          if (given.at(-1)?.sentence.from !== speech.from) given.push({ at: from, sentence });
        }
        while (playback.ahead > AHEAD_S && !signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        }
      }
      await playback.ended();
    } finally {
      clearInterval(look);
      over.abort();
      await playback.close();
    }
  }

  #note({ skipped }: Speech): void {
    const added = skipped.filter((each) => !this.skipped.includes(each));
    if (added.length > 0) this.skipped = [...this.skipped, ...added];
  }

  #hear(sentence: Heard): void {
    this.heard = sentence;
    this.phase = "heard";
    this.#tell();
  }

  #rest(): void {
    this.#stop = undefined;
    void this.#context?.suspend().catch(() => undefined);
    this.phase = "silent";
    this.heard = null;
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** The one of the page. */
export const aloudOf = onePer((alcove: Promise<Alcove>) => new Aloud(alcove));
