import type { Alcove, ChatEvent, ChatSession } from "../../sdk/index.ts";
import { type Message, same } from "./drafts.ts";
import { type Entry, messageOf, questions, toEntries } from "./transcript.ts";

/** Whether the transcript already ends with this question, answered or not, as it is the last one of what is shown. */
export async function holds(
  alcove: Promise<Alcove>,
  id: string | undefined,
  message: Message,
  shown: readonly Entry[],
): Promise<boolean> {
  if (!id) return false;
  try {
    const record = await (await alcove).conversations.get(id);
    const kept = questions(toEntries(record?.messages ?? []));
    const asked = kept.at(-1);
    const isAll = kept.length === questions(shown).length;
    return asked !== undefined && same(messageOf(asked), message) && isAll;
  } catch {
    return false;
  }
}

/** The turn that a message begins. */
export const sent = (
  chat: ChatSession,
  { text, pictures, files = [] }: Message,
  signal: AbortSignal,
): AsyncIterable<ChatEvent> => chat.send(text, { images: [...pictures], files, signal });

/** Failures of a turn that did not begin: it was stopped, or another tab answers. */
export const UNSENT: readonly string[] = ["cancelled", "busy"];
