/** What the person says, written into the composer while they say it. */
import { Microphone } from "../../sdk/embed.ts";
import type { Alcove } from "../../sdk/index.ts";
import { toFailure } from "../kit/failure.ts";

export interface DictationCalls {
  /** All that was said so far; its end may still change. */
  onText(text: string): void;
  /** It is over; `problem` says what went wrong, in plain words. */
  onEnd(problem: string): void;
}

/** It begins at once: make one in a click. */
export class Dictation {
  readonly #microphone = new Microphone();
  /** Ends the recording, and all of it. */
  readonly #said = new AbortController();
  readonly #stopped = new AbortController();

  constructor(alcove: Promise<Alcove>, calls: DictationCalls) {
    void this.#run(alcove, calls);
  }

  /** What was said is written to its end. */
  finish(): void {
    this.#said.abort();
    this.#microphone.stop();
  }

  /** Nothing is written any more. */
  stop(): void {
    this.#stopped.abort();
    this.finish();
  }

  async #run(alcove: Promise<Alcove>, { onText, onEnd }: DictationCalls): Promise<void> {
    const { signal } = this.#stopped;
    const tell = (text: string) => {
      if (text && !signal.aborted) onText(text);
    };
    let problem = "";
    try {
      this.#microphone.addEventListener("ended", () => this.finish());
      const frames = this.#microphone.frames(this.#said.signal);
      await this.#microphone.start();
      const { text } = await (await alcove).transcribe(frames, { signal, onText: tell });
      tell(text);
    } catch (thrown) {
      const { code, message, action } = toFailure(thrown);
      if (code !== "cancelled") problem = `${message} ${action}`;
    }
    this.finish();
    onEnd(problem);
  }
}
