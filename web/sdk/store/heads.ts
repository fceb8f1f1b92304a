/** What is read of heads. */
import type { Head } from "./database.ts";
import { listed } from "./place.ts";

/** An early Alcove did not note what answered. */
export const aboutOf = ({
  provider = "",
  model = "",
  system = "",
  tools,
  pageTools,
  plan,
  agent,
  ...head
}: Head) => ({
  ...{ id: head.id, title: head.title, created: head.created, updated: head.updated },
  ...{ provider, model, system },
  ...(tools && { tools }),
  ...(pageTools && { pageTools }),
  ...(plan && { plan }),
  ...(agent && { agent }),
  ...listed(head),
});

/** By their characters: to load a language's rules takes longer than to sort a thousand. Everywhere in one order. */
export const newestFirst = (one: Head, other: Head): number =>
  Number(one.updated < other.updated) - Number(one.updated > other.updated) ||
  Number(one.id > other.id) - Number(one.id < other.id);
