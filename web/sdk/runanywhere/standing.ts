/** The Alcove of the page, for RunAnywhere's names to sit on: apart, for every page loads it first. */
import type { Alcove } from "../alcove.ts";

let current: Promise<Alcove> | undefined;

export const standing = (): Promise<Alcove> | undefined => current;

/** Makes `alcove`, which the page opens, the one to sit on. */
export function moveIn(alcove: Promise<Alcove>): Promise<Alcove> {
  current = alcove;
  // One that could not be opened is not kept.
  alcove.catch(() => leave(alcove));
  return alcove;
}

/** Forgets `alcove`, if it is still that one. */
export function leave(alcove: Promise<Alcove>): void {
  if (current === alcove) current = undefined;
}
