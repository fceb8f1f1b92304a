/** Next steps after a failure, and what is said of one that nobody foresaw. */
import { words } from "../words.ts";

export const steps = words("steps", {
  retry: "Try again",
  edit: "Edit the message",
  reload: "Reload the page",
  redownload: "Download the model again",
  choose: "Choose another model",
});

export const w = words("failure", {
  stopped: "Stopped.",
  wrong: "Something went wrong inside Alcove.",
  wrongAction: "Try again. If it happens again, reload the page; your conversations are kept.",
  dismiss: "Dismiss",
  said: "What was said",
});
