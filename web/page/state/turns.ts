/** What a person does with a turn of a conversation that is done. */
import type { ChatSession } from "../../sdk/index.ts";
import type { Thread } from "./thread.ts";
import { answerText, type Entry, placesOf } from "./transcript.ts";

/**
 * Deletes the turn to which an entry belongs.
 * @returns puts it back
 * @throws AlcoveError `busy` while an answer is written, in any tab; what keeps it from being kept
 */
export async function deleteTurn(thread: Thread, entry: Entry): Promise<() => Promise<void>> {
  const chat = await thread.session.connect();
  const putBack = await chat.removeTurn(await placeOf(chat, thread, entry));
  thread.drafts.readFrom = 0;
  await thread.refresh();
  return async () => {
    try {
      await putBack();
    } finally {
      await thread.refresh();
    }
  };
}

/** The place of an entry among the messages that are kept; -1 where they are not what is drawn. */
async function placeOf(chat: ChatSession, { entries }: Thread, { key }: Entry): Promise<number> {
  const places = placesOf(await chat.history());
  const index = entries.findIndex((each) => each.key === key);
  return places.length === entries.length ? (places[index] ?? -1) : -1;
}

/** The words of an entry, as they were written. */
export const wordsOf = (entry: Entry): string => (entry.kind === "user" ? entry.text : answerText(entry));

/** A whole conversation as Markdown: who said it stands above it. */
export function asMarkdown(title: string, entries: readonly Entry[], you: string): string {
  const said = entries
    .filter((entry) => wordsOf(entry).trim())
    .map((entry) => `## ${entry.kind === "user" ? you : "Alcove"}\n\n${wordsOf(entry).trim()}`);
  return [...(title ? [`# ${title}`] : []), ...said, ""].join("\n\n").trimEnd().concat("\n");
}

/** The element of an answer's words, of which a part may be quoted. */
export const ANSWER = "[data-testid=message-assistant] .body";

/** A text as Markdown quotes it. */
const quoted = (text: string): string =>
  text
    .trim()
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");

/** Puts a quotation after what waits in the composer. */
export function quote(thread: Thread, text: string): void {
  const { drafts } = thread;
  drafts.draft = [drafts.draft.trimEnd(), quoted(text), ""].filter((part, i) => part || i === 2).join("\n\n");
  thread.dispatchEvent(new Event("draft"));
}
