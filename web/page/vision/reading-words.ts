/** What the Vision tab says of what is written in a picture. */
import { words } from "../kit/words.ts";

export const w = words("reading", {
  title: "What is written there",
  read: "Read",
  again: "Read again",
  hint: "Reads print letter by letter, and shows where it stands.",
  reading: "Reading…",
  none: "No print was found in it.",
  lines: { one: "{count} line · took {time}", other: "{count} lines · took {time}" },
  ask: "Ask about it",
  copy: "Copy what is written there",
});
