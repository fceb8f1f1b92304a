/** How the running answer goes: what was said so far, and how fast. */
import type { TurnEvent } from "../../../workers/python/protocol.ts";
import type { Status, StatusBoard } from "../engines/status.ts";

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

  /** Tells the status what `event` means for it. */
  observe(event: TurnEvent, status: StatusBoard): void {
    if (event.agent) {
      const { name } = event.agent;
      if (event.type === "agent" && event.phase === "start")
        status.report("turn", { phase: "thinking", text: `${name} is at work` });
    } else if (event.type === "text") {
      const report = this.add(event.text, event.tokens ?? 1);
      if (report) status.report("turn", report);
    } else if (event.type === "thinking") {
      // What was said so far was no part of the answer.
      if (event.instead) this.#pieces.length = 0;
    } else if (event.type === "tool") {
      const text = event.phase === "start" ? `Using ${event.name}` : "Thinking";
      status.report("turn", { phase: "thinking", text });
    } else if (event.type === "picture") {
      status.report("turn", { phase: "thinking", text: "Thinking" });
    } else if (event.type === "usage") {
      status.rate(event.tokensPerSecond || undefined);
    }
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
