/** The address and the key of a person's server, as they are kept; `providers/openai/settings.py` reads both. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

const LOOPBACK = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;
/** People paste the address that they saw in an example. */
const ENDPOINT = /\/(?:chat\/completions|completions|models)\/*$/;

export const bad = (message: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action });

const LOOKS = 'It looks like "http://localhost:8080/v1".';

/**
 * An address up to where "/chat/completions" is appended.
 * @param page the protocol of the page that will ask it
 * @throws AlcoveError `bad-request` for an address that a browser may not call, or that holds more than that
 */
export function serverAddress(given: string, page = globalThis.location?.protocol ?? "https:"): string {
  const url = parsed(given.trim());
  if (!url || !/^https?:$/.test(url.protocol)) throw bad("This is not an address.", LOOKS);
  if (url.port === "0") throw bad("This address has a port that no server has.", LOOKS);
  if (url.username || url.password) {
    throw bad(
      "This address holds a user name or a password.",
      "Leave them out; a key belongs into its own field.",
    );
  }
  if (/[?#]/.test(given)) throw bad("This address holds a ? or a #.", `Leave out what follows it. ${LOOKS}`);
  if (url.protocol === "http:" && page !== "http:" && !LOOPBACK.test(url.hostname)) {
    throw bad(
      "This address is not safe to call: a page that came over https may not ask an http server in the network.",
      "Give that server https, or use one on this very device.",
    );
  }
  // Where the servers of this kind have their API.
  const path = url.pathname.replace(ENDPOINT, "").replace(/\/+$/, "");
  return `${url.origin}${path || "/v1"}`;
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
export function modelIds(listed: unknown): string[] | null {
  const entries: unknown = Array.isArray(listed) ? listed : (listed as { data?: unknown } | null)?.data;
  if (!Array.isArray(entries)) return null;
  const ids = entries.map((entry: { id?: unknown } | null) => entry?.id);
  return ids.filter((id): id is string => typeof id === "string" && id.trim() !== "");
}
