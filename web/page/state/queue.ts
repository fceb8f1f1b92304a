/**
 * What the person sends while an answer is written waits for its end. It is this tab's alone, so no other sends it too; a
 * page that opens finds it in the composer.
 */
import type { Drafts, Message, Queued } from "./drafts.ts";
import type { Entry } from "./transcript.ts";

/** What of a conversation the queue needs. It emits `change` and `finished` as a `Thread` does. */
interface Answering extends EventTarget {
  readonly drafts: Drafts;
  readonly busy: boolean;
  readonly entries: readonly Entry[];
  send(message: Message): Promise<void>;
  stop(): void;
  idle(): Promise<void>;
}

/** Has the conversation emit `queue` after every change, and `draft` where a message goes back to the composer. */
export class MessageQueue {
  readonly #thread: Answering;
  /** A turn ran since it was looked at last. */
  #ran = false;
  /** That turn ended by itself. */
  #ended = false;
  #closed = false;

  constructor(thread: Answering) {
    this.#thread = thread;
    this.giveBack();
    thread.addEventListener("finished", () => {
      const last = thread.entries.at(-1);
      this.#ended = last?.kind === "answer" && last.finishReason !== "cancelled";
    });
    thread.addEventListener("change", () => this.#look());
    thread.addEventListener("removed", () => this.close());
  }

  get messages(): readonly Queued[] {
    return this.#thread.drafts.queue;
  }

  add({ text, pictures, files = [] }: Message): void {
    this.#set([...this.messages, { text, pictures, ...(files.length && { files }) }]);
  }

  remove(index: number): void {
    this.#take(index);
  }

  /** Puts a message back into the composer. */
  edit(index: number): void {
    const message = this.#take(index);
    if (message) this.#thread.drafts.putBack(message);
    this.#thread.dispatchEvent(new Event("draft"));
  }

  /** Sends a message at once; an answer under way is stopped for it. */
  async sendNow(index: number): Promise<void> {
    const message = this.#take(index);
    if (!message) return;
    // What is stopped before it began goes back to the composer, and this one still goes.
    this.#thread.stop();
    await this.#thread.idle();
    if (this.#closed) this.#thread.drafts.putBack(message);
    else await this.#thread.send(message);
  }

  /** Puts all of it back into the composer. */
  giveBack(): void {
    const { drafts } = this.#thread;
    const messages = drafts.queue;
    if (!messages.length) return;
    drafts.queue = [];
    for (const message of messages.toReversed()) drafts.putBack(message);
  }

  /** The conversation is closed here. */
  close(): void {
    this.#closed = true;
    this.giveBack();
  }

  #look(): void {
    if (this.#closed) return;
    if (this.#thread.busy) {
      this.#ran = true;
      return;
    }
    if (!this.#ran) return;
    const ended = this.#ended;
    this.#ran = false;
    this.#ended = false;
    const { messages } = this;
    const next = messages.findIndex(({ held }) => !held);
    if (next < 0) return;
    if (!ended) this.#set(messages.map((message) => ({ ...message, held: true })));
    else {
      const message = this.#take(next);
      if (message) void this.#thread.send(message);
    }
  }

  #take(index: number): Message | undefined {
    const { [index]: taken } = this.messages;
    this.#set(this.messages.filter((_, other) => other !== index));
    if (!taken) return undefined;
    const { held: _, ...message } = taken;
    return message;
  }

  #set(messages: readonly Queued[]): void {
    this.#thread.drafts.queue = messages;
    this.#thread.dispatchEvent(new Event("queue"));
  }
}
