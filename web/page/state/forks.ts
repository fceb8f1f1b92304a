/** Where a conversation goes on in several ways, as the page draws it. */
import type { ChatEvent, ChatSession } from "../../sdk/index.ts";
import { placesOf } from "./transcript.ts";

/** What `chat.branches` tells, in numbers. */
export interface ShownFork {
  /** The place among the messages. */
  at: number;
  current: number;
  count: number;
}

/** By the place of the entry among all; after the last one where its answer never came. */
export type Forks = ReadonlyMap<number, ShownFork>;

export const NO_FORKS: Forks = new Map();

interface Branched {
  messages: readonly { role: string }[];
  branches?: readonly { at: number; current: number; others: readonly unknown[] }[];
}

/** The place of the entry to which the message at `at` belongs; after the last one where none stands there. */
export function entryAt(messages: readonly { role: string }[], at: number): number {
  const places = placesOf(messages);
  return at < messages.length ? places.findLastIndex((place) => place <= at) : places.length;
}

export function forksOf({ messages, branches = [] }: Branched): Forks {
  if (!branches.length) return NO_FORKS;
  return new Map(
    branches.map(({ at, current, others }) => {
      return [entryAt(messages, at), { at, current, count: others.length + 1 }];
    }),
  );
}

/** Sends `text` in the place of the person's message with this number. */
export async function* edited(
  chat: ChatSession,
  number: number,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const asked = (await chat.history()).flatMap(({ role }, place) => (role === "user" ? [place] : []));
  yield* chat.edit(asked[number] ?? -1, text, { signal });
}
