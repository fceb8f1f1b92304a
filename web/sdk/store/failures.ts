import { AlcoveError } from "../../../workers/wire/errors.ts";

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
