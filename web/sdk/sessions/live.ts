/**
 * Live captions: looks at the newest picture of a capture again and again. There is never a picture that waits: one
 * is taken when the eye is free. Draws nothing.
 */
import { type AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import type { CapturedFrame, MediaCapture } from "../capture/media-capture.ts";
import type { Eye, VisionResult } from "./eye.ts";

/** After a failed look the next one waits this long, twice as long after each further one, up to the last. */
const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 30_000;
/** How soon to look for a picture again where there was none. */
const NO_FRAME_MS = 200;

export interface Caption {
  text: string;
  prompt: string;
  /** The picture that was looked at. */
  frame: CapturedFrame;
  result: VisionResult;
  /** When the picture was taken (`Date.now()`). */
  at: number;
}

/** Why no look began: the eye was not done (`count` turns long), the page is hidden, the capture has no picture. */
export type SkipReason = "busy" | "hidden" | "no-frame";

export interface LiveOptions {
  capture: Pick<MediaCapture, "captureFrame">;
  eye: Pick<Eye, "describe">;
  prompt: string;
  /** Milliseconds from one look to the next, where the eye is that fast; 0 looks again at once. Default 2500. */
  intervalMs?: number;
  /** Default 60. */
  maxTokens?: number;
  temperature?: number;
  systemPrompt?: string;
  /** Longest side of the pictures in pixels; default 256. */
  maxDimension?: number;
  onCaption: (caption: Caption) => void;
  /** Hears each piece of the caption that is being written. */
  onText?: (piece: string) => void;
  onSkip?: (reason: SkipReason, count: number) => void;
  /** Hears of each look that failed; the view goes on, ever more slowly while they keep failing. */
  onError: (error: AlcoveError) => void;
}

/** What a test replaces. */
interface LiveWorld {
  now: () => number;
  later: (work: () => void, ms: number) => () => void;
  page: EventTarget & { readonly hidden: boolean };
}

const browser = (): LiveWorld => ({
  now: () => performance.now(),
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  page: document,
});

export class LiveView {
  /** May be changed while it runs; the next look takes it. */
  readonly options: LiveOptions;
  readonly #world: LiveWorld;
  #run: AbortController | null = null;
  #looking = false;
  #failures = 0;
  #cancelTimer: () => void = () => undefined;

  constructor(options: LiveOptions, world: LiveWorld = browser()) {
    this.options = { ...options };
    this.#world = world;
  }

  get running(): boolean {
    return this.#run !== null;
  }

  /** Begins with a look at once; does nothing while it runs. */
  start(): void {
    if (this.#run) return;
    const run = new AbortController();
    this.#run = run;
    this.#looking = false;
    this.#failures = 0;
    const { page } = this.#world;
    const wake = () => {
      if (!page.hidden && !this.#looking) this.#schedule(0);
    };
    page.addEventListener("visibilitychange", wake, { signal: run.signal });
    this.#schedule(0);
  }

  /** Stops at once: what is being looked at is given up, and nothing is heard of it any more. */
  stop(): void {
    this.#cancelTimer();
    this.#run?.abort();
    this.#run = null;
  }

  #schedule(ms: number): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#world.later(() => this.#turn(), Math.max(0, ms));
  }

  #turn(): void {
    const { capture, maxDimension, onSkip } = this.options;
    const run = this.#run;
    if (!run) return;
    if (this.#world.page.hidden) {
      // Its being seen again starts the next turn.
      onSkip?.("hidden", 1);
      return;
    }
    let frame: CapturedFrame | null;
    try {
      frame = capture.captureFrame(maxDimension);
    } catch (thrown) {
      this.#fail(toAlcoveError(thrown, "unsupported"));
      return;
    }
    if (frame) {
      void this.#look(frame, run.signal);
      return;
    }
    onSkip?.("no-frame", 1);
    this.#schedule(Math.max(this.#interval, NO_FRAME_MS));
  }

  async #look(frame: CapturedFrame, signal: AbortSignal): Promise<void> {
    const { eye, prompt, maxTokens = 60, temperature, systemPrompt } = this.options;
    const began = this.#world.now();
    const at = Date.now();
    this.#looking = true;
    try {
      const picture = { data: frame.rgbPixels, width: frame.width, height: frame.height };
      const result = await eye.describe(picture, prompt, {
        maxTokens,
        ...(temperature === undefined ? {} : { temperature }),
        ...(systemPrompt === undefined ? {} : { systemPrompt }),
        signal,
        onText: (piece) => {
          if (!signal.aborted) this.options.onText?.(piece);
        },
      });
      if (signal.aborted) return;
      this.#next(began);
      this.options.onCaption({ text: result.text, prompt, frame, result, at });
    } catch (thrown) {
      if (!signal.aborted) this.#fail(toAlcoveError(thrown));
    }
  }

  get #interval(): number {
    return Math.max(0, this.options.intervalMs ?? 2500);
  }

  #next(began: number): void {
    this.#looking = false;
    this.#failures = 0;
    const took = this.#world.now() - began;
    const missed = this.#interval > 0 ? Math.floor(took / this.#interval) : 0;
    if (missed > 0) this.options.onSkip?.("busy", missed);
    this.#schedule(this.#interval - took);
  }

  #fail(error: AlcoveError): void {
    this.#looking = false;
    const pause = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures++);
    this.#schedule(Math.max(this.#interval, pause));
    this.options.onError(error);
  }
}
