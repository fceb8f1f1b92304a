/** The composer's dictation: one at a time, however soon its button is pressed again or the composer is left. */
import type { Alcove } from "../../sdk/index.ts";
import { toFailure } from "../kit/failure.ts";
import type { Dictation, DictationCalls } from "./dictation.ts";

type Script = Pick<typeof import("./dictation.ts"), "Dictation">;

export class Dictating {
  readonly #load: () => Promise<Script>;
  readonly #changed: () => void;
  /** The press of the button that counts. */
  #pressed: object | null = null;
  #dictation: Dictation | null = null;

  /** @param load its script, which comes with the first press */
  constructor(load: () => Promise<Script>, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** Whether it is on, or about to be. */
  get on(): boolean {
    return this.#pressed !== null;
  }

  /** Starts it; where it is on, what was said is written to its end. Call it in a click. */
  async press(alcove: Promise<Alcove>, calls: DictationCalls): Promise<void> {
    if (this.#dictation) return this.#dictation.finish();
    if (this.on) return this.stop();
    const pressed = {};
    this.#pressed = pressed;
    this.#changed();
    const end = (problem: string) => {
      if (this.#pressed !== pressed) return;
      this.#over();
      calls.onEnd(problem);
    };
    try {
      const { Dictation } = await this.#load();
      if (this.#pressed !== pressed) return;
      const onText = (text: string) => {
        if (this.#pressed === pressed) calls.onText(text);
      };
      this.#dictation = new Dictation(alcove, { onText, onEnd: end });
    } catch (thrown) {
      const { message, action } = toFailure(thrown);
      end(`${message} ${action}`);
    }
  }

  /** The microphone is off, and nothing is written any more. */
  stop(): void {
    this.#dictation?.stop();
    if (this.on) this.#over();
  }

  #over(): void {
    this.#pressed = null;
    this.#dictation = null;
    this.#changed();
  }
}
