/** What goes wrong with an MCP server, as one of the closed set of errors. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type * as Library from "./library.ts";

const bad = (message: string, action: string, detail?: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action, ...(detail ? { detail } : {}) });

/** The person has to sign in, or to give another token. */
export class NotSignedIn extends AlcoveError {
  constructor(host: string, hasToken: boolean) {
    super(
      "bad-request",
      hasToken
        ? `The MCP server at ${host} does not accept the token.`
        : `The MCP server at ${host} wants to know you.`,
      { action: hasToken ? "Give it another token." : "Sign in to it, or give it a token." },
    );
  }
}

/** What was thrown while the server at `url` was asked, `lost` being why its connection ended, if it did. */
export function failureOf(
  thrown: unknown,
  { host }: URL,
  { ErrorCode, McpError, StreamableHTTPError, UnauthorizedError, ZodError }: typeof Library,
  { lost, hasToken = false }: { lost?: AlcoveError | undefined; hasToken?: boolean } = {},
): AlcoveError {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof AlcoveError) return thrown;
  if (thrown instanceof UnauthorizedError) return new NotSignedIn(host, hasToken);
  if (thrown instanceof StreamableHTTPError) return ofStatus(thrown.code ?? 0, message, host, hasToken);
  if (thrown instanceof McpError) {
    if (thrown.code === ErrorCode.RequestTimeout) {
      return new AlcoveError("timeout", `The MCP server at ${host} did not answer in time.`);
    }
    if (thrown.code === ErrorCode.ConnectionClosed) return lost ?? lostConnection(host);
    return bad(`The MCP server at ${host} refuses: ${short(message)}`, "Ask it for something else.");
  }
  if (thrown instanceof SyntaxError || thrown instanceof ZodError) return noMcp(host, message);
  if (/protocol version/i.test(message)) {
    return new AlcoveError(
      "unsupported",
      `The MCP server at ${host} speaks a version of MCP that Alcove does not.`,
      {
        action: "Use a newer version of the server.",
        detail: short(message),
      },
    );
  }
  return (
    lost ??
    new AlcoveError("download-failed", `The MCP server at ${host} failed.`, { detail: short(message) })
  );
}

export const lostConnection = (host: string): AlcoveError =>
  new AlcoveError("download-failed", `The connection to the MCP server at ${host} was lost.`, {
    action: "Try again. Whether it did what it was asked is not known.",
  });

const noMcp = (host: string, detail: string): AlcoveError =>
  bad(`What answers at ${host} speaks no MCP.`, 'Check the address: it often ends in "/mcp".', short(detail));

function ofStatus(status: number, message: string, host: string, hasToken: boolean): AlcoveError {
  if (status === 401) return new NotSignedIn(host, hasToken);
  if (status === 403) {
    return bad(
      `The MCP server at ${host} does not allow this.`,
      "It wants another token, or no page at all.",
    );
  }
  if (status >= 500) {
    return new AlcoveError("download-failed", `The MCP server at ${host} failed (${status}).`, {
      detail: short(message),
    });
  }
  return noMcp(host, message);
}

/** What a server says is cut: it may be a whole page. */
const short = (text: string): string => (text.length > 300 ? `${text.slice(0, 300)}…` : text);
