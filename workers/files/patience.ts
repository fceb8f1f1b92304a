/** How long a download waits, and for what; tests are less patient. */

export interface Patience {
  /** Milliseconds without a byte after which a connection counts as dead. */
  stallMs: number;
  /** Milliseconds before each further try; it goes on where the last one ended. */
  pausesMs: readonly number[];
  /** The longest that a server may ask us to wait (Retry-After); beyond it the person decides. */
  mostWaitMs: number;
  /** How often in a row it may ask. */
  mostWaits: number;
}

/** Calls to an engine's worker fail after three minutes of silence: no wait may be as long. */
export const PATIENCE: Patience = {
  stallMs: 30_000,
  pausesMs: [500, 2_000],
  mostWaitMs: 120_000,
  mostWaits: 5,
};

/** Resolves after `ms`, or as soon as `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done, { once: true });
  });
}
