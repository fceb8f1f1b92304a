/** Utterances out of a stream of frames: where one begins, pauses, goes on and ends. */
import { joined } from "../sound/joined.ts";
import { FRAME_MS } from "./frame.ts";
import type { ActivityEvent, ListenOptions } from "./protocol.ts";

/** What an utterance that is told as a whole has of the silence after it. */
const TAIL_MS = 200;
/** Frames of speech, one after the other, that begin an utterance: a click is shorter. */
const BEGIN_FRAMES = 3;
const HYSTERESIS = 0.15;
/** After a whole sentence, and after one that wants to go on; see ListenOptions.silenceMs. */
const SOON_MS = 600;
const LATE_MS = 1700;

const DEFAULTS: Required<ListenOptions> = {
  threshold: 0.5,
  preRollMs: 400,
  minSpeechMs: 200,
  pauseMs: 350,
  silenceMs: 900,
  maxSpeechMs: 60_000,
};

type Frames = Float32Array<ArrayBuffer>[];

const framesIn = (ms: number): number => Math.ceil(ms / FRAME_MS);

export class Utterances {
  readonly #options: Required<ListenOptions>;
  readonly #tell: (event: ActivityEvent) => void;
  /** The utterance under way; before one, the last frames. */
  #frames: Frames = [];
  /** Frames in all. */
  #count = 0;
  /** Of speech in this utterance. */
  #spoken = 0;
  /** Of speech at its end, and of silence at its end. */
  #speech = 0;
  #silence = 0;
  #state: "waiting" | "speaking" | "paused" = "waiting";
  #held = false;
  #hint: boolean | undefined;

  constructor(options: ListenOptions, tell: (event: ActivityEvent) => void) {
    this.#options = { ...DEFAULTS, ...options };
    this.#tell = tell;
  }

  /** Takes the next frame. */
  push(samples: Float32Array<ArrayBuffer>, probability: number, level: number): void {
    this.#tell({ kind: "frame", probability, level });
    this.#count += 1;
    this.#frames.push(samples);
    this.#weigh(probability);
    if (this.#state === "waiting") this.#wait();
    else this.#go();
  }

  hint(complete: boolean): void {
    if (this.#state === "paused") this.#hint = complete;
  }

  /** What comes from now on is one utterance, with what is kept of the time before. */
  hold(): void {
    this.#held = true;
    this.cut();
    if (this.#state === "waiting") this.#begin();
  }

  /** The utterance under way begins now, with what is kept of the time before. */
  cut(): void {
    this.#frames = this.#frames.slice(-framesIn(this.#options.preRollMs));
    this.#spoken = Math.min(this.#speech, this.#frames.length);
  }

  /** Ends the utterance. */
  release(): void {
    this.#held = false;
    if (this.#state !== "waiting") this.#end();
  }

  forget(): void {
    this.#frames = [];
    this.#reset();
  }

  #weigh(probability: number): void {
    const { threshold } = this.#options;
    const speech = probability >= (this.#speech > 0 ? threshold - HYSTERESIS : threshold);
    this.#spoken += speech ? 1 : 0;
    this.#speech = speech ? this.#speech + 1 : 0;
    this.#silence = speech ? 0 : this.#silence + 1;
  }

  #wait(): void {
    if (this.#speech >= BEGIN_FRAMES) {
      this.#begin();
      return;
    }
    const kept = framesIn(this.#options.preRollMs) + this.#speech;
    if (this.#frames.length > kept) this.#frames.splice(0, this.#frames.length - kept);
    this.#spoken = this.#speech;
  }

  #begin(): void {
    this.#state = "speaking";
    this.#tell({ kind: "started" });
  }

  #go(): void {
    const { pauseMs, silenceMs, maxSpeechMs } = this.#options;
    const full = this.#frames.length >= framesIn(maxSpeechMs);
    // In mid-speech: what was told of it is not told again.
    if (full) this.#end(0);
    if (full || this.#held) return;
    if (this.#state === "paused" && this.#speech >= BEGIN_FRAMES) {
      this.#state = "speaking";
      this.#hint = undefined;
      this.#tell({ kind: "resumed" });
    }
    if (this.#state === "speaking" && this.#silence >= framesIn(pauseMs)) {
      if (this.#tooShort) {
        this.#end();
        return;
      }
      this.#state = "paused";
      this.#tell({ kind: "paused", samples: joined(this.#heard()) });
    }
    const enough = this.#hint === undefined ? silenceMs : this.#hint ? SOON_MS : LATE_MS;
    if (this.#state === "paused" && this.#silence >= framesIn(Math.max(enough, pauseMs))) this.#end();
  }

  get #tooShort(): boolean {
    return this.#spoken < framesIn(this.#options.minSpeechMs);
  }

  /** Without most of the silence at its end. */
  #heard(): Frames {
    const extra = Math.max(0, this.#silence - framesIn(TAIL_MS));
    return this.#frames.slice(0, this.#frames.length - extra);
  }

  /** @param keptMs of it, for what comes at once after it */
  #end(keptMs = this.#options.preRollMs): void {
    const heard = this.#heard();
    const at = ((this.#count - this.#frames.length) * FRAME_MS) / 1000;
    const short = this.#tooShort;
    this.#frames = this.#frames.slice(Math.max(0, this.#frames.length - framesIn(keptMs)));
    this.#reset();
    this.#tell(short ? { kind: "dropped" } : { kind: "ended", samples: joined(heard), at });
  }

  #reset(): void {
    this.#state = "waiting";
    this.#spoken = 0;
    this.#speech = 0;
    this.#silence = 0;
    this.#hint = undefined;
  }
}
