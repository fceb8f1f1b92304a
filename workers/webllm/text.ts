/**
 * A growing reply → pieces of text that stay. WebLLM shows the start of a stop text before it is whole, and
 * replacement characters for a letter whose bytes are not all there.
 */
export class Speaker {
  readonly #stops: string[];
  #sent = 0;

  /** @param stops texts that end the reply and are not part of it */
  constructor(stops: string[] = []) {
    this.#stops = stops;
  }

  /** What can be said of `message`, the whole reply so far, that was not said yet. */
  take(message: string): string {
    const whole = message.replace(/\uFFFD+$/, "");
    return this.#until(message, whole.length - this.#pending(whole));
  }

  /** What is left when the reply has ended as `message`. */
  end(message: string): string {
    return this.#until(message, message.length);
  }

  #until(message: string, end: number): string {
    if (end <= this.#sent) return "";
    const piece = message.slice(this.#sent, end);
    this.#sent = end;
    return piece;
  }

  /** Length of the longest end of `text` that may become a stop text. */
  #pending(text: string): number {
    let longest = 0;
    for (const stop of this.#stops) {
      for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stop.slice(0, length))) longest = length;
      }
    }
    return longest;
  }
}
