/** Where a conversation goes on in several ways, as the page draws it. */
import type { ChatEvent, ChatSession } from "../../sdk/index.ts";
import { placesOf, questions, toEntries } from "./transcript.ts";

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

/**
 * Sends `text` in the place of the person's message that is drawn with this number and says `shown`. Before it there may
 * be more than is drawn: a module of the conversation may speak for the person while a turn runs (`session.steer`).
 */
export async function* edited(
  chat: ChatSession,
  { number, shown }: { number: number; shown: string },
  text: string,
  signal: AbortSignal,
): AsyncGenerator<ChatEvent> {
  const messages = await chat.history();
  const asked = messages.flatMap(({ role }, place) => (role === "user" ? [place] : []));
  const words = questions(toEntries(messages)).map((question) => question.text);
  const same = words.indexOf(shown, number);
  yield* chat.edit(asked[same < 0 ? number : same] ?? -1, text, { signal });
}
