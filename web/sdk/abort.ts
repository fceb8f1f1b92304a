import { AlcoveError } from "../../workers/wire/errors.ts";

/**
 * Waits for `work`, but not beyond an abort; the work itself goes on.
 * @throws AlcoveError `cancelled` after an abort
 */
export function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = () => new AlcoveError("cancelled", "Stopped.");
  if (signal.aborted) return Promise.reject(cancelled());
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(cancelled());
    signal.addEventListener("abort", stop, { once: true });
    // A listener that stays would keep a signal of a moment alive as long as the page's.
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
