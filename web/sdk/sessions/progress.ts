/** How the running answer goes: what was said so far, and how fast. */
import type { Status } from "../engines/status.ts";

/** A rate that changes more often is not read, and drawing competes with the engine for the processor. */
const STATUS_EVERY_MS = 1_000;
/** A rate over less than this means nothing. */
const LEAST_SECONDS = 0.5;

export class AnswerProgress {
  readonly #pieces: string[] = [];
  /** When the first piece came. */
  #since = 0;
  /** Of the pieces after the first. */
  #tokens = 0;
  #told = Number.NEGATIVE_INFINITY;

  /** All that was said. */
  get text(): string {
    return this.#pieces.join("");
  }

  /** What was said so far was no part of the answer. */
  forget(): void {
    this.#pieces.length = 0;
  }

  /**
   * Adds a piece of text and the number of its tokens.
   * @returns what the status should say now; undefined where it told of this answer a moment ago
   */
  add(text: string, tokens: number, now = performance.now()): Status | undefined {
    if (this.#pieces.push(text) === 1) this.#since = now;
    else this.#tokens += tokens;
    if (now - this.#told < STATUS_EVERY_MS) return undefined;
    this.#told = now;
    const seconds = (now - this.#since) / 1000;
    const rate = seconds < LEAST_SECONDS ? {} : { tokensPerSecond: this.#tokens / seconds };
    return { phase: "answering", text: "Answering", ...rate };
  }
}
