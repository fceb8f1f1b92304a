/** What the search over all conversations says. */
import { words } from "../kit/words.ts";

export const w = words("search", {
  title: "Search all conversations",
  found: "Found",
  searching: "Searching…",
  count: { one: "{count} found.", other: "{count} found." },
  none: "No conversation has these words.",
  untitled: "Without a title",
});
