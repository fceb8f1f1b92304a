/** What buttons of many rooms say. */
import { words } from "./words.ts";

export const common = words("common", {
  add: "Add",
  again: "Try again",
  cancel: "Cancel",
  close: "Close",
  copy: "Copy",
  keep: "Keep",
  preparing: "Preparing…",
  remove: "Remove",
  removeIt: "Remove {name}",
  stop: "Stop",
});
