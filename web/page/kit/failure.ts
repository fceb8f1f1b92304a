/** What a person is told when something fails: a sentence, the next step, and a button that takes it. */
import type { ErrorData } from "../../sdk/index.ts";
import { told } from "./told.ts";
import { steps, w } from "./words/failure.ts";

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
    return { code, message: told(message), action: told(action), ...(detail ? { detail } : {}) };
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
