/** What is read of heads, and what is told of them. */
import type { Head } from "./database.ts";
import { listed } from "./place.ts";

export interface ConversationSummary {
  id: string;
  title: string;
  created: string;
  updated: string;
  /** Number of messages. */
  count: number;
  /** It stands before the others. */
  pinned?: true;
  /** It is put away. */
  archived?: true;
  /** The folder in which the person put it. */
  folder?: string;
}

/** What a `change` or `answer` event is about. */
export interface ConversationChange {
  id: string;
  /** Its messages were saved, it was renamed, placed elsewhere, configured or removed, or the answer under way has grown. */
  what: "saved" | "renamed" | "placed" | "configured" | "removed" | "said";
  /** It happened in this tab. */
  here: boolean;
}

/** An early Alcove did not note what answered. */
export const aboutOf = ({
  provider = "",
  model = "",
  system = "",
  sampling,
  tools,
  pageTools,
  plan,
  agent,
  documents,
  ...head
}: Head) => ({
  ...{ id: head.id, title: head.title, created: head.created, updated: head.updated },
  ...{ provider, model, system },
  ...(sampling && { sampling }),
  ...(tools && { tools }),
  ...(pageTools && { pageTools }),
  ...(plan && { plan }),
  ...(agent && { agent }),
  ...(documents && { documents }),
  ...listed(head),
});

/** By their characters: to load a language's rules takes longer than to sort a thousand. Everywhere in one order. */
export const newestFirst = (one: Head, other: Head): number =>
  Number(one.updated < other.updated) - Number(one.updated > other.updated) ||
  Number(one.id > other.id) - Number(one.id < other.id);
