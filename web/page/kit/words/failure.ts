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

/** What each kind of failure is, where a language does not know the sentence of the SDK's. */
export const codes = words("failure-codes", {
  unsupported: "That cannot be done here.",
  "out-of-memory": "There is not enough memory for it.",
  "device-lost": "The graphics card was lost.",
  "model-not-found": "There is no such model.",
  "model-invalid": "The model cannot be used.",
  "download-failed": "It could not be fetched.",
  integrity: "The file is not the one that was expected.",
  quota: "There is no room left for it.",
  "context-overflow": "It is too much for the model to read at once.",
  cancelled: "Stopped.",
  busy: "Something else has to end first.",
  "engine-crashed": "The engine has stopped.",
  timeout: "No answer came in time.",
  "bad-request": "That could not be taken.",
});
