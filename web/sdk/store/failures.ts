import { AlcoveError } from "../../../workers/wire/errors.ts";

export const wasDeleted = (): AlcoveError =>
  new AlcoveError("bad-request", "This conversation was deleted.", { action: "Start a new one." });

/** What a person is told while what is new of a conversation cannot be kept. */
export function notKept(thrown: unknown): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  const detail = `${thrown}`;
  if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") {
    return new AlcoveError("quota", "There is no room left: what is new here is not being kept.", {
      action: "Export your conversations, or free space: delete some, or a model. Alcove goes on trying.",
      detail,
    });
  }
  return new AlcoveError("quota", "The browser does not let Alcove keep what is new here.", {
    action: "Leave this tab open, or export your conversations. Alcove goes on trying.",
    detail,
  });
}

/** What a person is told when what is kept cannot be read or changed. */
export function outOfReach(thrown: unknown): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") return notKept(thrown);
  return new AlcoveError("unsupported", "The browser does not let Alcove at what it keeps here.", {
    action: "Reload the page. If it happens again, restart the browser.",
    detail: `${thrown}`,
  });
}

/** What a person is told when what was kept of a conversation was taken away, and no tab has it any more. */
export const beginningLost = (): AlcoveError =>
  new AlcoveError("integrity", "The beginning of a conversation is gone from this browser.", {
    action: "What came after it is kept. See whether something deletes what this site keeps here.",
  });
