/**
 * The closed set of things that can go wrong, with one spelling in TypeScript and in Python
 * (`providers/errors.py` holds the Python twin). No engine's raw string reaches a person: what an engine
 * said goes into `detail`, for a log.
 */
const ERROR_CODES = [
  "unsupported",
  "out-of-memory",
  "device-lost",
  "model-not-found",
  "model-invalid",
  "download-failed",
  "integrity",
  "quota",
  "context-overflow",
  "cancelled",
  "busy",
  "engine-crashed",
  "timeout",
  "bad-request",
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a worker boundary: `Error` subclasses lose their fields in a structured clone. */
export interface ErrorData {
  code: ErrorCode;
  message: string;
  action: string;
  detail?: string;
  /** Of `quota`: how much room is needed, where that is known. */
  bytes?: number;
}

type ErrorRest = Partial<Pick<ErrorData, "action" | "detail" | "bytes">>;

/** What the person can do next when whoever failed did not say anything more exact. */
const DEFAULT_ACTION: Record<ErrorCode, string> = {
  unsupported: "Try another browser or another engine.",
  "out-of-memory": "Close other tabs or choose a smaller model.",
  "device-lost": "Try again; the engine is being restarted.",
  "model-not-found": "Choose a model from the list.",
  "model-invalid": "Remove the model and download it again, or choose another file.",
  "download-failed": "Check the connection and try again.",
  integrity: "Remove the file and download it again.",
  quota: "Free some disk space or remove a model.",
  "context-overflow": "Shorten the message or start a new conversation.",
  cancelled: "Send again when you like.",
  busy: "Wait for the current answer or stop it.",
  "engine-crashed": "Try again; the engine is being restarted.",
  timeout: "Try again.",
  "bad-request": "Correct the request and send it again.",
};

/** The one error type of Alcove. `code` is one of {@link ERROR_CODES}; `action` says what to do next. */
export class AlcoveError extends Error {
  override readonly name = "AlcoveError";
  readonly code: ErrorCode;
  readonly action: string;
  readonly detail: string | undefined;
  /** See {@link ErrorData}. */
  readonly bytes: number | undefined;

  constructor(code: ErrorCode, message: string, { action, detail, bytes }: ErrorRest = {}) {
    super(message);
    this.code = code;
    this.action = action || DEFAULT_ACTION[code];
    this.detail = detail;
    this.bytes = bytes;
  }

  toData(): ErrorData {
    const data: ErrorData = { code: this.code, message: this.message, action: this.action };
    if (this.detail !== undefined) data.detail = this.detail;
    if (this.bytes !== undefined) data.bytes = this.bytes;
    return data;
  }

  /** Rebuilds an error that crossed a boundary; an unknown code becomes `engine-crashed`. */
  static from(data: Partial<ErrorData>): AlcoveError {
    const code = ERROR_CODES.find((known) => known === data.code) ?? "engine-crashed";
    return new AlcoveError(code, data.message ?? "Something went wrong.", data);
  }
}

/** Turns whatever was thrown into an {@link AlcoveError}; an abort becomes `cancelled`. */
export function toAlcoveError(thrown: unknown, fallback: ErrorCode = "engine-crashed"): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  if (thrown instanceof DOMException && thrown.name === "AbortError") {
    return new AlcoveError("cancelled", "Stopped.");
  }
  if (thrown instanceof DOMException && thrown.name === "QuotaExceededError") {
    return new AlcoveError("quota", "The browser has no room left for this file.");
  }
  const detail = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new AlcoveError(fallback, "Something went wrong inside Alcove.", { detail });
}
