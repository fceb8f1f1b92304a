/** The requests of an engine: one at a time, in the order asked, and each can be stopped wherever it is. */
import { untilStopped } from "../wire/abort.ts";
import { Queue } from "../wire/queue.ts";

interface Turn {
  /** Aborts when the caller stops, or the model is taken away. */
  stop: AbortSignal;
  /**
   * Runs `task` when everything asked before has ended. A stop is answered at once, with undefined; the engine hears
   * it after its step, and the next turn waits for that.
   * @throws whatever `task` throws before a stop
   */
  run<T>(task: () => Promise<T>): Promise<T | undefined>;
}

export class Turns extends Queue {
  #takenAway: AbortController | undefined;

  /** A turn that `signal` stops. */
  turn(signal: AbortSignal): Turn {
    const takenAway = new AbortController();
    const stop = AbortSignal.any([signal, takenAway.signal]);
    const run = async <T>(task: () => Promise<T>): Promise<T | undefined> => {
      let result: T | undefined;
      const done = this.run(async () => {
        this.#takenAway = takenAway;
        try {
          result = await task();
        } finally {
          this.#takenAway = undefined;
        }
      }, stop);
      await untilStopped(done, stop);
      return result;
    };
    return { stop, run };
  }

  /** Stops the turn that runs, because its model is taken away. */
  takeAway(): void {
    this.#takenAway?.abort();
  }
}
