/** Waiting that ends with an abort. The work itself goes on, and what becomes of it then is no error. */
import { AlcoveError } from "./errors.ts";

/**
 * Waits for `work`, but not beyond an abort.
 * @throws AlcoveError `cancelled` after an abort; whatever `work` throws before
 */
export function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(new AlcoveError("cancelled", "Stopped."));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    // A listener that stays would keep a signal of a moment alive as long as the page's.
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** As {@link beforeAbort}, where a stop is no failure: it ends the wait as the end of the work does. */
export async function untilStopped(work: Promise<unknown>, stop: AbortSignal): Promise<void> {
  await beforeAbort(work, stop).catch((thrown) => {
    if (!stop.aborted) throw thrown;
  });
}
