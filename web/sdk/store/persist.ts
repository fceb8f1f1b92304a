/** Asks the browser not to clear what is kept here when the disk fills up: once, when there is something to lose. */

let asked: Promise<boolean> | undefined;

/**
 * To be called when the first thing worth keeping is kept: a message, a model. A browser may ask the person, or decide
 * by itself, so it is asked once in the life of a page, and not at all where it has agreed before.
 * @returns whether what is kept is safe from being cleared
 */
export function askToPersist(): Promise<boolean> {
  asked ??= ask().catch(() => false);
  return asked;
}

async function ask(): Promise<boolean> {
  const storage = (globalThis.navigator as Navigator | undefined)?.storage;
  if (!storage?.persist) return false;
  return (await storage.persisted()) || (await storage.persist());
}
