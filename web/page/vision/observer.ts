/** Who looks, and what it says: live captions of a stream, one look at a picture, answers to questions. */
import { LiveView } from "../../sdk/embed.ts";
import type { Alcove, Caption, Eye, VisionResult } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { read, write } from "../kit/storage.ts";
import { compare, same, type Word } from "./changes.ts";
import { type HistoryItem, usualTime, withItem } from "./history.ts";
import { ANSWER_TOKENS, PRESETS, type Preset, TAUGHT } from "./presets.ts";
import type { Source } from "./source.ts";
import { frameThumbnail, type Still, thumbnail } from "./still.ts";
import { presets, w } from "./words.ts";

/** One answer on the page, while it is written and after. */
export interface Answer {
  asked: string;
  text: string;
  writing: boolean;
  ms?: number;
  finish?: string;
  words?: readonly Word[];
  /** What was seen before, where it is compared. */
  before?: string;
}

/** After so many failed frames in a row the person decides. */
const MOST_FAILURES = 3;
/** The next frame cannot help. */
const FINAL = new Set([
  "unsupported",
  "out-of-memory",
  "model-not-found",
  "model-invalid",
  "download-failed",
  "integrity",
  "quota",
  "bad-request",
]);
const MODEL = "alcove.vision-model";

/** The model that the person lets look; undefined leaves it to the site. */
export const chosenModel = (): string | undefined => read("local", MODEL) ?? undefined;

/** Emits `change` after every change, and `opened` when a model is loaded. */
export class Observer extends EventTarget {
  readonly #alcove: Promise<Alcove>;
  readonly #source: Source;
  preset: Preset = PRESETS[0] as Preset;
  ownPrompt = "";
  intervalMs = 1000;
  /** Live captions are wanted. */
  watching = true;
  caption: Answer | null = null;
  answer: Answer | null = null;
  history: readonly HistoryItem[] = [];
  failure: Failure | null = null;
  /** A frame failed and the live view goes on. */
  hiccup = "";
  /** The model that looks; undefined before it was opened, when it is whatever the site has. */
  model: string | undefined = chosenModel();
  loading = false;
  #eye: Promise<Eye> | null = null;
  #opened: Eye | null = null;
  #live: LiveView | null = null;
  #one: AbortController | null = null;
  #times: readonly number[] = [];
  #failed = 0;
  #wasFrozen = false;

  constructor(alcove: Promise<Alcove>, source: Source) {
    super();
    this.#alcove = alcove;
    this.#source = source;
    source.addEventListener("picture", () => this.#begin());
    source.addEventListener("change", () => this.#sync());
  }

  /** One look or answer is under way, that is not part of the live view. */
  get busy(): boolean {
    return this.#one !== null;
  }

  /** Milliseconds that this model usually takes for a frame. */
  get usualMs(): number | undefined {
    return usualTime(this.#times);
  }

  get prompt(): string {
    const { id, prompt, taught } = this.preset;
    if (id === "own") return this.ownPrompt.trim();
    return this.model === TAUGHT ? (taught ?? prompt) : prompt;
  }

  setPreset(preset: Preset): void {
    this.preset = preset;
    this.#restart();
  }

  setOwnPrompt(prompt: string): void {
    if (prompt.trim() === this.ownPrompt.trim()) return;
    this.ownPrompt = prompt;
    this.#restart();
  }

  setInterval(ms: number): void {
    this.intervalMs = ms;
    this.#stopLive();
    this.#sync();
  }

  watch(on: boolean): void {
    this.watching = on;
    this.failure = null;
    this.hiccup = "";
    this.#failed = 0;
    this.#sync();
  }

  /** Lets another model look from now on. */
  use(model: string): void {
    write("local", MODEL, model);
    this.stop();
    this.#stopLive();
    this.model = model;
    this.#eye = null;
    this.#times = [];
    this.failure = null;
    this.hiccup = "";
    this.#failed = 0;
    if (this.#source.kind) void this.#open().catch(() => undefined);
    this.#sync();
  }

  /** Looks once at the picture that stands still, with the chosen prompt. */
  async look(): Promise<void> {
    const { still } = this.#source;
    const { preset } = this;
    if (!still || !this.prompt) return;
    const before = preset.compares ? this.caption?.text : undefined;
    await this.#ask(
      still,
      () => this.prompt,
      preset.maxTokens,
      (answer) => {
        this.caption = {
          ...answer,
          asked: presets[preset.id],
          ...(answer.writing ? {} : changes(before, answer.text)),
        };
        return this.caption;
      },
    );
  }

  /** Answers a question about the picture; a frame that moves is frozen first. */
  async ask(question: string): Promise<void> {
    if (this.busy) this.stop();
    if (this.#source.streams && !this.#source.frozen && !this.#source.freeze()) return;
    const { still } = this.#source;
    if (!still) return;
    await this.#ask(
      still,
      () => question,
      ANSWER_TOKENS,
      (answer) => {
        this.answer = { ...answer, asked: question };
        return this.answer;
      },
    );
  }

  /** Ends the look or answer under way; what was said is kept. */
  stop(): void {
    this.#one?.abort();
    this.#one = null;
    this.#changed();
  }

  /** Tries again what failed. */
  again(): void {
    if (this.#source.streams && !this.#source.frozen) this.watch(true);
    else if (this.answer?.finish === "error") void this.ask(this.answer.asked);
    else void this.look();
  }

  forget(): void {
    this.history = [];
    this.#changed();
  }

  dismissFailure(): void {
    this.failure = null;
    this.#changed();
  }

  /** Longest side of a frame: text wants more, and small frames are quick. The engine scales to what its model takes. */
  get #detail(): number {
    if (this.#source.kind === "screen") return 1024;
    return this.preset.id === "read" ? 640 : 256;
  }

  /** There is something new to look at. */
  #begin(): void {
    this.stop();
    this.#stopLive();
    this.caption = null;
    this.answer = null;
    this.failure = null;
    this.hiccup = "";
    this.#failed = 0;
    this.#sync();
    if (!this.#source.streams) void this.look();
  }

  /** The prompt changed: what was said answers another one. */
  #restart(): void {
    this.caption = null;
    this.stop();
    this.#stopLive();
    this.#sync();
    if (!this.#source.streams && this.#source.still) void this.look();
  }

  /** Lets the live view run exactly when it should. */
  #sync(): void {
    if (this.#source.frozen !== this.#wasFrozen) {
      // What was said was said of other frames.
      this.#wasFrozen = this.#source.frozen;
      this.caption = null;
      if (!this.#wasFrozen) this.answer = null;
    }
    const { capture, frozen } = this.#source;
    const runs = this.watching && capture !== null && !frozen && !this.busy && this.prompt !== "";
    if (!runs) this.#stopLive();
    else if (!this.#live && !this.failure) void this.#startLive();
    this.#changed();
  }

  #stopLive(): void {
    this.#live?.stop();
    this.#live = null;
  }

  async #startLive(): Promise<void> {
    let eye: Eye;
    try {
      eye = await this.#open();
    } catch {
      return;
    }
    const { capture, frozen } = this.#source;
    if (this.#live || !capture || frozen || this.busy || !this.watching) return;
    const live: LiveView = new LiveView({
      capture,
      eye,
      prompt: this.prompt,
      intervalMs: this.intervalMs,
      maxTokens: this.preset.maxTokens,
      maxDimension: this.#detail,
      onCaption: (caption) => live === this.#live && this.#heard(caption),
      onError: (error) => live === this.#live && this.#stumbled(toFailure(error)),
    });
    this.#live = live;
    live.start();
    this.#changed();
  }

  #heard({ text, frame, result: { totalTimeMs } }: Caption): void {
    const { preset } = this;
    const before = preset.compares ? this.caption : null;
    this.hiccup = "";
    this.#failed = 0;
    this.#time(totalTimeMs);
    const answer = { asked: presets[preset.id], text: text.trim(), writing: false, ms: totalTimeMs };
    this.caption = { ...answer, ...changes(before?.text, answer.text) };
    if (answer.text) this.#keep(this.caption, frameThumbnail(frame));
    this.#changed();
  }

  #stumbled(failure: Failure): void {
    if (failure.code === "cancelled") return;
    this.#failed += 1;
    if (FINAL.has(failure.code) || this.#failed >= MOST_FAILURES) {
      this.#stopLive();
      this.watching = false;
      this.hiccup = "";
      this.failure = failure;
    } else this.hiccup = w.goesOn({ problem: failure.message });
    this.#changed();
  }

  async #ask(
    still: Still,
    prompt: () => string,
    maxTokens: number,
    show: (answer: Omit<Answer, "asked">) => Answer,
  ): Promise<void> {
    const one = new AbortController();
    const { signal } = one;
    this.#one = one;
    this.failure = null;
    let text = "";
    show({ text, writing: true });
    this.#sync();
    const onText = (piece: string) => {
      if (this.#one !== one) return;
      text += piece;
      show({ text, writing: true });
      this.#changed();
    };
    try {
      const eye = await this.#open();
      signal.throwIfAborted();
      const result = await eye.describe(still.canvas, prompt(), { maxTokens, signal, onText });
      this.#done(result, still, show);
    } catch (thrown) {
      const failure = toFailure(thrown);
      show({ text, writing: false, finish: failure.code === "cancelled" ? "cancelled" : "error" });
      if (failure.code !== "cancelled") this.failure = failure;
    } finally {
      if (this.#one === one) this.#one = null;
      this.#sync();
    }
  }

  #done(
    { text, totalTimeMs, finishReason }: VisionResult,
    still: Still,
    show: (answer: Omit<Answer, "asked">) => Answer,
  ): void {
    const whole = { text: text.trim(), writing: false, ms: totalTimeMs, finish: finishReason };
    if (finishReason !== "cancelled") this.#time(totalTimeMs);
    const answer = show(whole);
    if (answer.text) this.#keep(answer, thumbnail(still.canvas));
  }

  #time(ms: number): void {
    this.#times = [...this.#times, ms].slice(-7);
  }

  #keep({ asked, text, ms = 0, words, finish }: Answer, picture: string): void {
    const ended = finish === "cancelled" ? { finish } : {};
    const item = { asked, text, ms, thumbnail: picture, at: new Date(), ...ended };
    this.history = withItem(this.history, words ? { ...item, words } : item);
  }

  /** The eye, loaded. @throws AlcoveError, which is shown too */
  async #open(): Promise<Eye> {
    const alcove = await this.#alcove;
    this.#eye ??= alcove.openVision(this.model ? { model: this.model } : {});
    const opening = this.#eye;
    this.loading = true;
    this.#changed();
    try {
      const eye = await opening;
      this.model = eye.model;
      await eye.ready();
      if (this.#opened !== eye) this.dispatchEvent(new Event("opened"));
      this.#opened = eye;
      return eye;
    } catch (thrown) {
      if (this.#eye === opening) {
        this.#eye = null;
        this.failure = toFailure(thrown);
      }
      throw thrown;
    } finally {
      if (this.#eye === opening || !this.#eye) this.loading = false;
      this.#changed();
    }
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** What is new against what was said before; nothing when there is nothing to compare with. */
function changes(before: string | undefined, now: string): Pick<Answer, "words" | "before"> {
  if (!before || !now) return {};
  return { before, words: same(before, now) ? [] : compare(before, now) };
}
