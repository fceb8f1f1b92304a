/** What the page asks of the worker that searches conversations. */
import type { Operation } from "../wire/rpc.ts";

/** A conversation as the index is to have it. */
export interface Searched {
  id: string;
  title: string;
  /** ISO 8601: those that changed last come first. */
  updated: string;
  /** Its messages, where they are not in the database yet; "kept" has them read there, "known" has the index. */
  messages: readonly { role: string; content: unknown }[] | "kept" | "known";
}

/** A place in a conversation where all the words stand. */
export interface SearchHit {
  /** Its id. */
  conversation: string;
  title: string;
  updated: string;
  /** The place of the message among the conversation's; null where the title has the words. */
  message: number | null;
  role: "user" | "assistant" | null;
  /** Where the words stand, with a little of what is around; of a title all of it. */
  text: string;
  /** The words in `text`: from, to. */
  marks: [number, number][];
}

export interface Query {
  words: string;
  /** Only in this one; then each of its messages may be a hit, in their order. */
  conversation?: string | undefined;
  /** The most hits. */
  limit: number;
}

export type SearchProtocol = {
  /** Brings the index to what is kept; items are signs of life. `database` is where it is kept. */
  update: Operation<{ changed: Searched[]; gone: string[]; database: string }, void, null>;
  find: Operation<Query, SearchHit[]>;
};
