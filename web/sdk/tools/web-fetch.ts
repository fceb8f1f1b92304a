/** Reads a page of the web for a model, after the person allowed it (`py_app/tools/web_fetch.py`). */
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { askOnce } from "../../../workers/wire/gate.ts";

const MOST_BYTES = 2_000_000;
const TEXTUAL = /^(?:text\/|application\/(?:[\w.+-]*\+)?(?:json|xml)\b)/;
/** Names of this device and of its network, and bare numbers, whose host nobody can name. */
const NEAR = /^(?:\[.*\]|[\d.]+|[^.]+|.+\.(?:localhost|local|internal|lan|home\.arpa))$/i;

interface WebPage {
  url: string;
  status: number;
  type: string;
  text: string;
}

/**
 * What lies at `url`, as text; nothing of the person goes with the question.
 * @throws AlcoveError `bad-request` for an address that is not asked, and for what is no text; `unsupported` where the
 *   site lets no other page read it; `timeout`, `cancelled`
 */
export async function webFetch(
  { url, seconds }: { url: string; seconds: number },
  signal: AbortSignal,
): Promise<WebPage> {
  const address = checked(url);
  const late = AbortSignal.timeout(seconds * 1000);
  const stop = AbortSignal.any([signal, late]);
  try {
    const response = await askOnce(address, {
      signal: stop,
      credentials: "omit",
      referrerPolicy: "no-referrer",
      cache: "no-store",
    });
    // Where it was led on to is looked at too: a page on the way may name a place that is near.
    if (response.redirected) await checkedEnd(response);
    const type = response.headers.get("Content-Type") ?? "";
    if (!TEXTUAL.test(type)) {
      await response.body?.cancel();
      throw new AlcoveError("bad-request", `This is no text but "${type || "something unknown"}".`);
    }
    const text = await beforeAbort(readText(response), stop);
    return { url: response.url || address.href, status: response.status, type, text };
  } catch (thrown) {
    if (late.aborted) throw new AlcoveError("timeout", `No answer came in ${seconds} seconds.`);
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    if (thrown instanceof AlcoveError) throw thrown;
    throw new AlcoveError("unsupported", `${address.host} could not be read from this page.`, {
      action: "Most sites forbid other pages to read them (CORS), and this one may too. Try another source.",
      detail: String(thrown),
    });
  }
}

/** @throws AlcoveError `bad-request` */
function checked(url: string): URL {
  if (!URL.canParse(url)) throw new AlcoveError("bad-request", `"${url}" is no address.`);
  const address = new URL(url);
  if (address.protocol !== "https:" && address.protocol !== "http:") {
    throw new AlcoveError("bad-request", "Only http and https can be read.");
  }
  if (address.username || address.password) {
    throw new AlcoveError("bad-request", "An address with a name and a password in it is not asked.");
  }
  // With a dot at its end it is the same name.
  if (NEAR.test(address.hostname.replace(/\.$/, ""))) {
    throw new AlcoveError(
      "bad-request",
      "Only sites with a name are read: nothing of this device or its network.",
    );
  }
  return address;
}

/** @throws AlcoveError `bad-request`; then nothing of it is read */
async function checkedEnd(response: Response): Promise<void> {
  try {
    checked(response.url);
  } catch (thrown) {
    await response.body?.cancel();
    throw thrown;
  }
}

/** Its first bytes, decoded as it says, else as UTF-8. */
async function readText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let bytes = 0; reader && bytes < MOST_BYTES; ) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    bytes += value.length;
  }
  await reader?.cancel();
  const charset = /charset="?([\w-]+)/i.exec(response.headers.get("Content-Type") ?? "")?.[1] ?? "utf-8";
  const bytes = await new Blob(parts).arrayBuffer();
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
