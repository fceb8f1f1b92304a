/**
 * Turns pushed items into an async iterator. `run` starts at once and gets a function that pushes; the
 * iterator ends when the promise of `run` settles, and throws what it threw. A consumer that stops early
 * (break, return) calls `onStop`.
 */
export function streamOf<T>(
  run: (push: (item: T) => void) => Promise<unknown>,
  onStop: () => void = () => undefined,
): AsyncGenerator<T, void, undefined> {
  const items: T[] = [];
  let wake: () => void = () => undefined;
  let settled = false;
  const outcome = run((item) => {
    items.push(item);
    wake();
  }).finally(() => {
    settled = true;
    wake();
  });
  // Thrown to whoever iterates; nobody may be iterating yet.
  outcome.catch(() => undefined);

  async function* drain(): AsyncGenerator<T, void, undefined> {
    let finished = false;
    try {
      while (true) {
        while (items.length > 0) yield items.shift() as T;
        if (settled) break;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      finished = true;
      await outcome;
    } finally {
      if (!finished) onStop();
    }
  }
  return drain();
}

/** A stream that only throws, to whoever iterates. */
// biome-ignore lint/correctness/useYield: see above.
export async function* failing(error: Error): AsyncGenerator<never, void, undefined> {
  throw error;
}

/**
 * {@link streamOf} for work that can be stopped: `run` gets a signal that aborts with `signal`, and when the
 * consumer stops early.
 */
export function stoppable<T>(
  run: (push: (item: T) => void, signal: AbortSignal) => Promise<unknown>,
  signal?: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  return streamOf<T>(
    (push) => run(push, either),
    () => stop.abort(),
  );
}

/** Lets everything run that is ready to. A timer would be held back by up to 4 ms. */
export async function nextTask(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
  port1.close();
}
