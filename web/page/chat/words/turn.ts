import { words } from "../../kit/words.ts";

export const w = words("turn", {
  more: "More",
  copyMarkdown: "Copy as Markdown",
  copyMessage: "Copy",
  copyAll: "Copy the whole conversation",
  copied: "Copied.",
  notCopied: "The browser did not allow copying.",
  quote: "Quote",
  quoteSelection: "Quote the selection",
  answerWith: "Answer again with…",
  anotherModel: "Another model…",
  delete: "Delete this turn",
  deleted: "The question and its answer were deleted.",
  undo: "Undo",
  you: "You",
  details: "Details",
  tokens: { one: "{count} token", other: "{count} tokens" },
  perSecond: "{speed} tokens/s",
  firstWord: "first word after {time} s",
  noDetails: "Nothing is known of when this was said.",
});
