import { AlcoveError } from "../../workers/shared/errors.ts";

/**
 * Waits for `work`, but not beyond an abort; the work itself goes on.
 * @throws AlcoveError `cancelled` after an abort
 */
export function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = () => new AlcoveError("cancelled", "Stopped.");
  if (signal.aborted) return Promise.reject(cancelled());
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener("abort", () => reject(cancelled()), { once: true });
    }),
  ]);
}
