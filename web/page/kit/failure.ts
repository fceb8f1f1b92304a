/** What a person is told when something fails: a sentence, the next step, and a button that takes it. */
import type { ErrorData } from "../../sdk/index.ts";
import { language } from "./language.ts";
import { told } from "./told.ts";
import { codes, steps, w } from "./words/failure.ts";

export type NextStep = "retry" | "edit" | "reload" | "redownload" | "choose";

/** `detail` is what a server or an engine said itself. */
export type Failure = Pick<ErrorData, "code" | "message" | "action" | "detail">;

const STEPS: Record<ErrorData["code"], NextStep> = {
  unsupported: "choose",
  "out-of-memory": "choose",
  "device-lost": "retry",
  "model-not-found": "choose",
  "model-invalid": "redownload",
  "download-failed": "retry",
  integrity: "redownload",
  quota: "retry",
  "context-overflow": "edit",
  cancelled: "retry",
  busy: "retry",
  "engine-crashed": "retry",
  timeout: "retry",
  "bad-request": "edit",
};

export const STEP_LABELS: Readonly<Record<NextStep, string>> = steps;

export const nextStep = (failure: Failure): NextStep => STEPS[failure.code];

/** Errors are told apart by their fields: an `AlcoveError` may come from another copy of the module. */
export function toFailure(thrown: unknown): Failure {
  const data = thrown as Partial<ErrorData> | null;
  if (data && typeof data.code === "string" && data.code in STEPS) {
    const { code, message = "", action = "", detail } = data as ErrorData;
    return { ...inWords(code, message, detail), code, action: told(action) };
  }
  if (thrown instanceof DOMException && thrown.name === "AbortError") {
    return { code: "cancelled", message: w.stopped, action: "" };
  }
  console.error(thrown);
  return {
    code: "engine-crashed",
    message: w.wrong,
    action: w.wrongAction,
  };
}

/** These are told apart by what they say alone. */
const OF_MANY_KINDS: readonly ErrorData["code"][] = ["bad-request", "unsupported"];

/** A sentence that the language in use does not know becomes that of its code; its own words are not lost. */
function inWords(
  code: ErrorData["code"],
  message: string,
  detail: string | undefined,
): Pick<Failure, "message" | "detail"> {
  const said = told(message);
  if (said !== message || language() === "en" || !message)
    return { message: said, ...(detail && { detail }) };
  if (OF_MANY_KINDS.includes(code))
    return { message: `${codes[code]} ${message}`, ...(detail && { detail }) };
  return { message: codes[code], detail: [message, detail].filter(Boolean).join("\n") };
}
