/** What is said of a document that is read, of the sources of an answer, and of which documents it is made from. */
import { words } from "../kit/words.ts";

export const w = words("reader", {
  opening: "Opening it…",
  empty: "There is no text in it.",
  pages: "Pages",
  before: "Page before",
  next: "Next page",
  pageOf: "Page {page} of {pages}",
  part: ", part {part} of {parts}",
  sources: "Sources",
  alsoRead: "Also read",
  readForIt: "Read for this answer",
  place: "{name}, page {page}",
  source: "Source {number}: {place}",
  ofThis: "Documents of this conversation",
  looking: "Looking at what lies here…",
  none: "You have added none yet.",
  add: "Add documents",
  about: "Answers are made from what stands in those that you tick, and say where.",
  count: { one: "1 page", other: "{count} pages" },
  answerFrom: "Answer from documents",
  chosen: { one: "Documents: 1 chosen", other: "Documents: {count} chosen" },
});
