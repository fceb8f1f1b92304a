/** A dead man's switch: a race ends when the work does, when nothing was heard for a while, or with `fail`. */
import { AwakeTimer } from "./awake.ts";
import { AlcoveError } from "./errors.ts";

const SLOW = 10;

export class Watch {
  dead: AlcoveError | undefined;
  #reject: (error: AlcoveError) => void = () => undefined;
  #rearm: () => void = () => undefined;

  /** A sign of life: the next step begins. */
  beat(): void {
    this.#rearm();
  }

  fail(error: AlcoveError): void {
    this.dead ??= error;
    this.#reject(this.dead);
  }

  die(detail: string): void {
    this.fail(new AlcoveError("engine-crashed", "The language engine stopped unexpectedly.", { detail }));
  }

  /**
   * @param laterMs limit from the second step on, or {@link SLOW} times the slowest so far; left out, every
   *   step has the first limit. A function is asked at each step.
   * @throws AlcoveError what it died of
   */
  async race<T>(work: Promise<T>, firstMs: number, laterMs?: number | (() => number)): Promise<T> {
    // Nobody may be waiting any more when it fails.
    work.catch(() => undefined);
    if (this.dead) throw this.dead;
    const death = new Promise<never>((_, reject) => {
      this.#reject = reject;
    });
    let limit = firstMs;
    let slowest = 0;
    let began = performance.now();
    const silence = new AwakeTimer(() => this.die(`no sign of life for ${limit} ms`));
    this.#rearm = () => {
      const now = performance.now();
      slowest = Math.max(slowest, now - began);
      began = now;
      const later = typeof laterMs === "function" ? laterMs() : laterMs;
      if (later !== undefined) limit = Math.min(firstMs, Math.max(later, SLOW * slowest));
      silence.start(limit);
    };
    silence.start(limit);
    try {
      return await Promise.race([work, death]);
    } finally {
      silence.stop();
      this.#rearm = () => undefined;
      this.#reject = () => undefined;
    }
  }
}
