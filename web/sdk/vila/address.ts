/** The address of a ViLA server, with the key that travels in it. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** What the content security policy knows as this device (build_steps/headers.py). */
const LOOPBACK = /^(?:localhost|127\.0\.0\.1)$/;
const LOOKS = 'It looks like "wss://api-vila.openmind.com" or "ws://127.0.0.1:6789".';

/**
 * `given` as a socket's address; `apiKey` takes the place of a key that stands in it.
 * @throws AlcoveError `bad-request` for what is no such address, for one that a browser may not call, and for what is
 *   no key. None of them repeats the address: it may hold a key.
 */
export function vilaAddress(given: string, apiKey = ""): URL {
  const text = String(given).trim();
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^wss?:$/.test(url.protocol) || !url.host)
    throw bad("This is not the address of a ViLA server.", LOOKS);
  if (url.username || url.password) {
    throw bad(
      "This address holds a user name or a password.",
      "Leave them out; the key has a field of its own.",
    );
  }
  if (url.protocol === "ws:" && !LOOPBACK.test(url.hostname)) {
    throw bad(
      "Frames would travel where anybody on the way can see them.",
      "Use wss://, or ws:// on this very device.",
    );
  }
  const key = String(apiKey).trim();
  if (!/^[\x21-\x7e]*$/.test(key))
    throw bad("The key holds a character that no key has.", "Copy the key again.");
  url.hash = "";
  if (key) url.searchParams.set("api_key", key);
  return url;
}

const bad = (message: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", message, { action });
