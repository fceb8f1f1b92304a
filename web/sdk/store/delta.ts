/** What is new of a conversation, on its way to the store. */
import type { Fork, TranscriptDelta, TranscriptMessage } from "../../../workers/python/protocol.ts";
import { forksAfter, type Path, switched } from "./branches.ts";
import type { Head } from "./database.ts";

export interface Delta extends TranscriptDelta {
  /** What stands from this place on before it is kept as a branch. */
  aside?: number | undefined;
  /** Those of the conversation as it stands with it: where it lies in memory only, or was changed in its middle. */
  branches?: Fork[];
}

/** `messages` with what is not kept yet. */
export function overlaid(messages: readonly TranscriptMessage[], unsaved: Delta | null): TranscriptMessage[] {
  return unsaved ? [...messages.slice(0, unsaved.from), ...unsaved.messages] : [...messages];
}

/** The branches of what is kept, with what is not kept yet. */
export function branchesWith(stored: Path | undefined, unsaved: Delta | null): Fork[] {
  if (unsaved?.branches) return unsaved.branches;
  if (!stored) return [];
  return unsaved ? forksAfter(stored, unsaved) : stored.branches;
}

/** Two deltas as one. */
export function merged(earlier: Delta | null, later: Delta): Delta {
  if (!earlier) return later;
  const aside = earlier.aside ?? later.aside;
  const branches = later.branches ?? earlier.branches;
  const forks = branches && { branches };
  if (later.from <= earlier.from) return { ...later, aside, ...forks };
  const messages = [...earlier.messages.slice(0, later.from - earlier.from), ...later.messages];
  return { ...later, from: earlier.from, messages, aside, ...forks };
}

const pathOf = (here: Delta | null): Path => ({
  messages: overlaid([], here),
  branches: here?.branches ?? [],
});

/** {@link merged}, where there is no store: what is set aside is kept with it. */
export function mergedHere(earlier: Delta | null, { aside, ...later }: Delta): Delta {
  const branches = later.branches ?? forksAfter(pathOf(earlier), { ...later, aside });
  return { ...merged(earlier, later), branches };
}

/** What lies in memory only, with branch `to` read from place `at` on; undefined where there is none. */
export function switchedHere(here: Delta | null, at: number, to: number): Delta | undefined {
  const path = switched(pathOf(here), at, to);
  return here && path ? { ...here, from: 0, ...path } : undefined;
}

/** As the list shows a conversation whose save waits. */
export function headOf({ messages, from, aside: _, branches: __, ...about }: Delta): Head {
  return { ...about, count: from + messages.length, revision: 0 };
}
