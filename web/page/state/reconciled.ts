/** What is read anew of a conversation takes the place of what is drawn of it. */
import type { Entry } from "./transcript.ts";

/** `fresh`, with those of `known` that are drawn the same in their place, and the keys of those that changed. */
export function reconciled(known: readonly Entry[], fresh: readonly Entry[]): Entry[] {
  return fresh.map((entry, index) => {
    const before = known[index];
    if (before?.kind !== entry.kind) return entry;
    return looksLike(before, entry) ? before : { ...entry, key: before.key };
  });
}

function looksLike(one: Entry, other: Entry): boolean {
  if (one.kind === "user" && other.kind === "user") {
    return one.text === other.text && alike(one.pictures, other.pictures) && alike(one.files, other.files);
  }
  if (one.kind === "user" || other.kind === "user") return false;
  const ends = one.streaming === other.streaming && one.finishReason === other.finishReason;
  return ends && alike(one.parts, other.parts) && alike(one.sources, other.sources);
}

const alike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
