/** What goes wrong, as OpenAI's interface tells it. */
import { type AlcoveError, type ErrorCode, toAlcoveError } from "../../../workers/wire/errors.ts";

interface Told {
  status: number;
  type: string;
  code: string;
}

const INVALID = "invalid_request_error";

const TOLD: Partial<Record<ErrorCode, Told>> = {
  "bad-request": { status: 400, type: INVALID, code: "bad_request" },
  unsupported: { status: 400, type: INVALID, code: "unsupported" },
  "context-overflow": { status: 400, type: INVALID, code: "context_length_exceeded" },
  "model-not-found": { status: 404, type: INVALID, code: "model_not_found" },
  busy: { status: 429, type: "rate_limit_error", code: "busy" },
  cancelled: { status: 503, type: "server_error", code: "cancelled" },
  timeout: { status: 504, type: "server_error", code: "timeout" },
};

/** After these the same request may well be answered. */
const PASSING = new Set<ErrorCode>(["busy", "engine-crashed", "device-lost", "timeout"]);

const told = ({ code }: AlcoveError): Told =>
  TOLD[code] ?? { status: 500, type: "server_error", code: code.replaceAll("-", "_") };

/** `{error: {message, type, param, code}}`. */
export function errorBody(thrown: unknown): { error: Record<string, string | null> } {
  const error = toAlcoveError(thrown);
  const { type, code } = told(error);
  return { error: { message: `${error.message} ${error.action}`, type, param: null, code } };
}

export function errorResponse(thrown: unknown): Response {
  const error = toAlcoveError(thrown);
  // OpenAI's clients ask again by themselves after a 5xx, unless they are told.
  const headers = { "x-should-retry": String(PASSING.has(error.code)) };
  return Response.json(errorBody(error), { status: told(error).status, headers });
}

const refusal = (status: number, message: string, code: string): Response =>
  Response.json({ error: { message, type: INVALID, param: null, code } }, { status });

export const noRoute = (path: string): Response =>
  refusal(
    404,
    `Alcove answers chat/completions, embeddings and models; ${path} is none of them.`,
    "unknown_url",
  );

export const wrongMethod = (method: string, path: string): Response =>
  refusal(405, `${path} does not take ${method}.`, "method_not_allowed");
