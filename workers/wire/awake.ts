/**
 * A time-out that counts only the time in which this thread runs. A computer that slept, or a browser that stood
 * still, is no silence of whoever is waited for: their word may lie in the queue behind the timer.
 */

/** Looks in one period. Between two of them no more than {@link MOST} ticks are counted, however much went by. */
const TICKS = 8;
const MOST = 2;

export class AwakeTimer {
  readonly #onEnd: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tick = 0;
  #left = 0;
  /** When it was last counted. */
  #since = 0;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  /** Counts `ms` from now on. While it runs this only notes the time: no timer is made for it. */
  start(ms: number): void {
    const tick = ms / TICKS;
    this.#left = ms;
    this.#since = performance.now();
    if (this.#timer !== undefined && this.#tick <= tick) return;
    this.stop();
    this.#tick = tick;
    this.#look();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      this.#left -= Math.min(now - this.#since, MOST * this.#tick);
      this.#since = now;
      if (this.#left > 0) return this.#look();
      this.#timer = undefined;
      this.#onEnd();
    }, this.#tick);
  }
}
