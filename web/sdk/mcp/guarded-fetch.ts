/**
 * `fetch` as an MCP server of the person's is asked: nothing but the origins that the person named, nothing of the
 * person's but the key, no more than a ceiling at a time, and an end of a stream that is told.
 */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { allow } from "../../../workers/wire/gate.ts";

/** Of one answer, or of one event of a stream. */
const MOST_BYTES = 8_000_000;

interface Watch {
  /** Origins that may be asked. */
  origins: ReadonlySet<string>;
  /** Milliseconds for whatever the SDK gives no time-out of its own: all but requests of MCP and streams of events. */
  patience: number;
  /** A stream that was to answer these requests is over, and the SDK cannot take it up again by itself. */
  onEnd?(requests: readonly unknown[], error?: AlcoveError): void;
  /** The server wants to know the person; `header` says where. */
  onUnauthorized?(header: string): void;
}

export function guardedFetch({ origins, patience, onEnd, onUnauthorized }: Watch) {
  return async (input: string | URL, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input);
    if (!origins.has(url.origin)) {
      throw new AlcoveError("unsupported", `The server names ${url.host}, which you did not.`, {
        action: "Nothing was sent there. Ask whoever runs the server.",
      });
    }
    allow(url.origin);
    const asked = init.method === "POST" ? requestsIn(init.body) : [];
    const waits = asked.length > 0 || (init.method === "GET" && wantsStream(init.headers));
    const response = await ask(url, init, waits ? undefined : AbortSignal.timeout(patience));
    if (response.status === 401) onUnauthorized?.(response.headers.get("WWW-Authenticate") ?? "");
    if (!response.body) return response;
    const streams = /^text\/event-stream/i.test(response.headers.get("Content-Type") ?? "");
    const requests = streams ? asked : [];
    const body = bounded(response.body, streams, url.host, (resumable, error) => {
      if (requests.length && (error instanceof AlcoveError || !resumable)) {
        onEnd?.(requests, error instanceof AlcoveError ? error : undefined);
      }
    });
    const { status, statusText, headers } = response;
    return new Response(body, { status, statusText, headers });
  };
}

const wantsStream = (headers: RequestInit["headers"]): boolean =>
  new Headers(headers).get("Accept") === "text/event-stream";

async function ask(url: URL, init: RequestInit, late?: AbortSignal): Promise<Response> {
  const signals = [init.signal, late].flatMap((signal) => signal ?? []);
  let response: Response;
  try {
    response = await fetch(url, {
      ...init,
      ...(signals.length && { signal: AbortSignal.any(signals) }),
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
  } catch (thrown) {
    if (late?.aborted) throw new AlcoveError("timeout", `The server at ${url.host} did not answer in time.`);
    if (init.signal?.aborted || thrown instanceof AlcoveError) throw thrown;
    throw unreachable(url, thrown);
  }
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    throw new AlcoveError("unsupported", `The server at ${url.host} sends us to another address.`, {
      action: "Enter the address that it sends to; often only a / at its end is missing, or is too much.",
    });
  }
  return response;
}

function unreachable({ host, origin }: URL, thrown: unknown): AlcoveError {
  const page = globalThis.location?.origin ?? "this page";
  return new AlcoveError("download-failed", `The MCP server at ${host} cannot be reached.`, {
    action:
      `Check that it runs and lets ${page} ask it (CORS): it must send Access-Control-Allow-Origin, allow the ` +
      "headers Authorization, Content-Type, Mcp-Session-Id, Mcp-Protocol-Version and Last-Event-ID, and expose " +
      "Mcp-Session-Id and WWW-Authenticate. For a server in your network the browser may ask for a permission.",
    detail: `${origin}: ${String(thrown)}`,
  });
}

function requestsIn(body: unknown): unknown[] {
  if (typeof body !== "string") return [];
  const message = JSON.parse(body) as { id?: unknown; method?: unknown };
  return message.method !== undefined && message.id !== undefined ? [message.id] : [];
}

const EVENT_END = /\r?\n\r?\n|\r\r/;
const HAS_ID = /(?:^|[\r\n])id:/;

/** `body` up to the ceiling. `end` hears when it is over, and whether one of its events bore an id to go on from. */
function bounded(
  body: ReadableStream<Uint8Array>,
  streams: boolean,
  host: string,
  end: (resumable: boolean, error?: unknown) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  let resumable = false;
  const count = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    if (streams) {
      const text = new TextDecoder("latin1").decode(chunk);
      resumable ||= HAS_ID.test(text);
      if (EVENT_END.test(text)) bytes = chunk.length;
    }
    if (bytes <= MOST_BYTES) return;
    throw new AlcoveError(
      "quota",
      `The MCP server at ${host} said more than ${MOST_BYTES / 1e6} MB at once.`,
      {
        action: "Ask it for less at a time.",
        bytes: MOST_BYTES,
      },
    );
  };
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) {
          count(value);
          controller.enqueue(value);
          return;
        }
        controller.close();
        end(resumable);
      } catch (error) {
        reader.cancel(error).catch(() => undefined);
        controller.error(error);
        end(resumable, error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}
