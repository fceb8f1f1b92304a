import type { ChatEvent } from "../../sdk/index.ts";
import { ended, withAgent } from "./agents.ts";
import { type AnswerEntry, newAnswer, withEvent, withText } from "./transcript.ts";

/**
 * The answer that is being written. Pieces of text come by the thousand and are only put together; an entry is
 * made of them when somebody reads it, which the page does once a frame.
 */
export class RunningAnswer {
  #entry: AnswerEntry;
  /** What came since the entry was made, all of one kind. */
  #text = "";
  #kind: "text" | "thinking" = "text";
  #isNew = false;

  /** @param broken the answer that it goes on with */
  constructor(broken: AnswerEntry | null = null) {
    this.#entry = broken
      ? { ...broken, streaming: true, finishReason: null, figures: null }
      : newAnswer(true);
  }

  get key(): number {
    return this.#entry.key;
  }

  /** There is more than what was read last. */
  get isNew(): boolean {
    return this.#isNew;
  }

  get isEmpty(): boolean {
    return !this.#text && this.#entry.parts.every(({ kind }) => kind === "notice");
  }

  /** The answer as it is now. */
  read(): AnswerEntry {
    this.#isNew = false;
    this.#settle();
    return this.#entry;
  }

  /** Takes an event of its turn. */
  take(event: ChatEvent): void {
    this.#isNew = true;
    if (event.agent) {
      this.#settle();
      this.#entry = { ...this.#entry, parts: withAgent(this.#entry.parts, event.agent, event) };
      return;
    }
    if (event.type === "text" || (event.type === "thinking" && event.ms === undefined)) {
      if (event.type !== this.#kind) this.#settle();
      this.#kind = event.type;
      this.#text += event.text;
      return;
    }
    this.#settle();
    this.#entry = withEvent(this.#entry, event);
  }

  /** The turn is over; `reason` where it did not end by itself. */
  finish(reason: "cancelled" | "error" | null): void {
    this.#isNew = true;
    this.#settle();
    const parts = ended(this.#entry.parts);
    const finishReason = reason ?? this.#entry.finishReason;
    this.#entry = { ...this.#entry, streaming: false, parts, finishReason };
  }

  #settle(): void {
    if (!this.#text) return;
    this.#entry = { ...this.#entry, parts: withText(this.#entry.parts, this.#text, this.#kind) };
    this.#text = "";
  }
}

/** The same events; each is told to `hear` first. */
export async function* telling(
  events: AsyncIterable<ChatEvent>,
  hear: (event: ChatEvent) => void = () => undefined,
): AsyncGenerator<ChatEvent> {
  for await (const event of events) {
    hear(event);
    yield event;
  }
}
