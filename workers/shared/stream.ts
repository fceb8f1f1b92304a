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
