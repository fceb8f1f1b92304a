/** What buttons of many rooms say. */
import { words } from "../words.ts";

export const common = words("common", {
  add: "Add",
  again: "Try again",
  cancel: "Cancel",
  close: "Close",
  closeKey: "Close (Esc)",
  copied: "Copied.",
  copy: "Copy",
  keep: "Keep",
  notCopied: "The browser did not allow copying.",
  preparing: "Preparing…",
  remove: "Remove",
  removeIt: "Remove {name}",
  stop: "Stop",
});
