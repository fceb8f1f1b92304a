/**
 * What is needed only when a person sets their server up: its address and key as they are kept, which
 * `providers/openai/settings.py` reads, and the list of its models.
 */
import { AlcoveError } from "../../../workers/wire/errors.ts";

const LIST_MS = 10_000;

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;
/** In the person's own network: private addresses, and names that exist nowhere else. */
const NEARBY =
  /^(?:10(?:\.\d+){3}|192\.168(?:\.\d+){2}|172\.(?:1[6-9]|2\d|3[01])(?:\.\d+){2}|169\.254(?:\.\d+){2}|\[f[cde][\da-f:]+\]|[\w-]+|.+\.(?:local|lan|home\.arpa|internal))$/;
/** People paste the address that they saw in an example. */
const ENDPOINT = /\/(?:chat\/completions|completions|models)\/*$/;

const bad = (message: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action });

const LOOKS = 'It looks like "http://localhost:8080/v1".';

/**
 * An address up to where "/chat/completions" is appended.
 * @param page the protocol of the page that will ask it
 * @throws AlcoveError `bad-request` for an address that a browser may not call, or that holds more than that
 */
export function serverAddress(given: string, page?: string): string {
  const url = webAddress(given, page, LOOKS);
  if (/[?#]/.test(given)) throw bad("This address holds a ? or a #.", `Leave out what follows it. ${LOOKS}`);
  // Where the servers of this kind have their API.
  const path = url.pathname.replace(ENDPOINT, "").replace(/\/+$/, "");
  return `${url.origin}${path || "/v1"}`;
}

/**
 * The address of a server that the person names.
 * @param page the protocol of the page that will ask it
 * @param looks what such an address looks like
 * @throws AlcoveError `bad-request` for one that a browser may not call
 */
export function webAddress(
  given: string,
  page = globalThis.location?.protocol ?? "https:",
  looks = 'It looks like "https://example.org/mcp".',
): URL {
  const url = parsed(given.trim());
  if (!url || !/^https?:$/.test(url.protocol)) throw bad("This is not an address.", looks);
  if (url.port === "0") throw bad("This address has a port that no server has.", looks);
  if (url.username || url.password) {
    throw bad(
      "This address holds a user name or a password.",
      "Leave them out; a key belongs into its own field.",
    );
  }
  if (url.protocol === "http:" && !LOOPBACK.test(url.hostname)) {
    const near = NEARBY.test(url.hostname);
    if (!near || page !== "http:")
      throw bad(
        near
          ? "A page that came over https may not ask an http server."
          : "This address is not safe to call.",
        "Use https, or http on this very device.",
      );
  }
  url.hash = "";
  return url;
}

/** "127.0.0.1:8080/v1" is how a server of this device tells where it listens. */
function parsed(given: string): URL | null {
  const local = URL.canParse(`http://${given}`) ? new URL(`http://${given}`) : null;
  if (local && LOOPBACK.test(local.hostname)) return local;
  return URL.canParse(given) ? new URL(given) : null;
}

/** @throws AlcoveError `bad-request` for what cannot be sent as a key: it was pasted with more than itself */
export function serverKey(given: string): string {
  const key = given.trim();
  if (!/^[\x21-\x7e]*$/.test(key)) {
    throw bad("The API key holds a character that no key has.", "Copy the key again.");
  }
  return key;
}

/** The ids in a list of models: OpenAI's, or a bare list. Null for what is no list. */
function modelIds(listed: unknown): string[] | null {
  const entries: unknown = Array.isArray(listed) ? listed : (listed as { data?: unknown } | null)?.data;
  if (!Array.isArray(entries)) return null;
  const ids = entries.map((entry: { id?: unknown } | null) => entry?.id);
  return ids.filter((id): id is string => typeof id === "string" && id.trim() !== "");
}

/** The ids of the models that a server offers: `Server.models`. */
export async function listModels({
  baseUrl,
  apiKey,
}: {
  baseUrl: string;
  apiKey: string;
}): Promise<string[]> {
  const headers: HeadersInit = apiKey ? { Authorization: `Bearer ${apiKey}` } : {};
  let response: Response;
  try {
    response = await fetch(`${baseUrl}/models`, {
      headers,
      // As `providers/openai` asks it: a key is not taken to another address.
      redirect: "manual",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(LIST_MS),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "TimeoutError") {
      throw new AlcoveError("timeout", "Your server did not answer in time.");
    }
    throw new AlcoveError("download-failed", "Your server cannot be reached.", {
      action: "Check that it runs and that it allows this page (CORS).",
    });
  }
  if (response.type === "opaqueredirect") {
    const { host } = new URL(baseUrl);
    throw new AlcoveError("unsupported", `The server at ${host} sends us to another address.`, {
      action: "Enter the address that it sends to; a key is not taken there by itself.",
    });
  }
  if (response.status === 401 || response.status === 403) {
    throw bad("Your server does not accept the key.", "Correct the key.");
  }
  const ids = response.ok ? modelIds(await response.json().catch(() => null)) : null;
  if (!ids) throw bad("There is no list of models at this address.", 'It usually ends in "/v1".');
  return ids;
}
