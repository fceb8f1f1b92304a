/** Where a conversation stands in a list, and under which name: what a person decides of it, and no turn changes. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Head } from "./database.ts";

/** What is changed of it; what is left out stays. */
export interface PlaceChanges {
  pinned?: boolean;
  archived?: boolean;
  /** "" takes it out of its folder. */
  folder?: string;
}

const MOST_TITLE = 200;
const MOST_FOLDER = 60;

/** What no line of text needs: controls, and what turns the direction of all that follows. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

/** A name as it can stand in one line: cut by whole characters. */
function line(given: string, most: number): string {
  const plain = given
    .slice(0, 4 * most)
    .replace(UNSEEN, " ")
    .replace(/\s+/g, " ")
    .trim();
  return [...plain].slice(0, most).join("").trim();
}

export const titleOf = (given: string): string => line(given, MOST_TITLE);

/** @throws AlcoveError `bad-request` where nothing is left to be seen of it */
export function checkedTitle(given: unknown): string {
  const title = typeof given === "string" ? titleOf(given) : "";
  if (title) return title;
  throw new AlcoveError("bad-request", "This is no title.", { action: "Give it one that can be read." });
}

/** What of a head no save takes away. */
export const placeOf = ({ title, renamed, titled, pinned, archived, folder }: Head) => ({
  // The first words, until a person or a model has given another.
  ...((renamed || titled) && { title }),
  ...(renamed && { renamed }),
  ...(titled && { titled }),
  ...listed({ pinned, archived, folder }),
});

/** What a list and a file say of it. */
export const listed = ({ pinned, archived, folder }: { [Name in keyof PlaceChanges]: unknown }) => ({
  ...(pinned === true && { pinned: true as const }),
  ...(archived === true && { archived: true as const }),
  ...(typeof folder === "string" && line(folder, MOST_FOLDER) && { folder: line(folder, MOST_FOLDER) }),
});

export function placed(head: Head, changes: PlaceChanges): Head {
  const { pinned, archived, folder, ...rest } = head;
  return { ...rest, ...listed({ pinned, archived, folder, ...changes }) };
}

/** A person's title is for good; a model's only where no person has given one. */
export function titled(head: Head, title: string, by: "person" | "model"): Head {
  if (by === "person") {
    const { titled: _, ...rest } = head;
    return { ...rest, title, renamed: true };
  }
  return head.renamed ? head : { ...head, title, titled: true };
}
