/** One thing at a time, in the order asked; whoever gives up while waiting leaves the queue at once. */
import { AlcoveError } from "./errors.ts";

export class Queue {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /**
   * Runs `task` when everything asked before has ended.
   * @throws AlcoveError `cancelled` when `signal` aborts before its turn; whatever `task` throws.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const before = this.#last;
    this.#waiting++;
    const result = new Promise<T>((resolve, reject) => {
      const leave = () => reject(new AlcoveError("cancelled", "Stopped while waiting."));
      if (signal?.aborted) leave();
      signal?.addEventListener("abort", leave, { once: true });
      this.#last = before.then(async () => {
        signal?.removeEventListener("abort", leave);
        try {
          if (!signal?.aborted) resolve(await task());
        } catch (thrown) {
          reject(thrown);
        }
      });
    });
    return result.finally(() => {
      this.#waiting--;
    });
  }
}
