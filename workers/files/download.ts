/** Fetches one file into a part: resumed where an earlier try ended, hashed as it comes, never silent for long. */
import { md5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { LoadProgress } from "../engine/contract.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";

type Tell = (progress: LoadProgress) => void;

/** What is known of a file before it comes. Without a size, the server's word counts. */
export interface Expected {
  bytes?: number;
  /** Hex. One hash is enough; without any, whoever wants the file checks it. */
  sha256?: string;
  md5?: string;
}

/** A file on its way. Bytes are only ever added at its end. */
export interface Part {
  readonly bytes: number;
  /** Reads up to `into.length` bytes from `at`; returns how many. */
  read(into: Uint8Array, at: number): number;
  /** @throws DOMException QuotaExceededError */
  append(bytes: Uint8Array): void;
  reset(): void;
}

interface Hash {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** The bytes that came, and the hash of just these. */
class Arrival {
  readonly part: Part;
  readonly #start: () => Hash;
  hash: Hash;

  constructor(part: Part, file: Expected) {
    this.part = part;
    this.#start = () => (file.sha256 === undefined && file.md5 !== undefined ? md5 : sha256).create();
    this.hash = this.#start();
  }

  add(bytes: Uint8Array): void {
    this.part.append(bytes);
    this.hash.update(bytes);
  }

  reset(): void {
    this.part.reset();
    this.hash = this.#start();
  }
}

/** Milliseconds before the 2nd and the 3rd try; each goes on where the last one ended. */
const PAUSES_MS = [500, 2_000];
const STALL_MS = 30_000;
const TELL_EVERY_MS = 100;
const READ = 1 << 20;

const failed = (message: string, detail: string, action?: string) =>
  new AlcoveError("download-failed", message, action ? { action, detail } : { detail });

/** A break that another try may mend. */
class Interrupted extends Error {}

/** Tells at most every {@link TELL_EVERY_MS}, and always the end. */
export function throttled(tell: Tell): Tell {
  let last = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const now = performance.now();
    if (now - last < TELL_EVERY_MS && progress.bytes !== progress.total) return;
    last = now;
    tell(progress);
  };
}

/**
 * Brings `file` into `part` and checks its size and hash.
 * @throws AlcoveError download-failed (what came is kept for the next try), integrity (nothing is kept),
 *   quota, cancelled.
 */
export async function download(
  file: Expected,
  url: URL,
  part: Part,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const report = throttled(tell);
  if (file.bytes !== undefined && part.bytes > file.bytes) part.reset();
  const resumed = part.bytes > 0;
  const arrival = new Arrival(part, file);
  hashEarlier(arrival, file.bytes ?? 0, report);
  for (let attempt = 0, whole = part.bytes === file.bytes; !whole; attempt++) {
    const before = part.bytes;
    try {
      await fetchRest(file, url, arrival, report, signal);
      whole = true;
    } catch (thrown) {
      if (signal.aborted) throw new AlcoveError("cancelled", "The download was stopped.");
      if (!(thrown instanceof Interrupted)) throw toAlcoveError(thrown);
      if (part.bytes - before >= READ) attempt = 0; // a connection that breaks often still gets there
      const pause = PAUSES_MS[attempt];
      if (pause === undefined) {
        throw failed(
          "The download was interrupted.",
          `${url.pathname}: ${thrown.message}`,
          "Check the connection and try again: the download goes on where it ended.",
        );
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  const wanted = file.sha256 ?? file.md5;
  const digest = bytesToHex(arrival.hash.digest());
  if (wanted === undefined || digest === wanted) return;
  part.reset();
  // What an earlier try left may have been the bad part: once more, from the beginning.
  if (resumed) return download(file, url, part, tell, signal);
  throw new AlcoveError(
    "integrity",
    "The downloaded file is not the one that was expected; it was deleted.",
    {
      action: "Download it again. If this repeats, the server holds another file.",
      detail: `${url.pathname}: expected ${wanted}, got ${digest}`,
    },
  );
}

/** Hashes what an earlier try left. */
function hashEarlier({ part, hash }: Arrival, total: number, tell: Tell): void {
  const piece = new Uint8Array(READ);
  for (let at = 0; at < part.bytes; ) {
    const read = part.read(piece, at);
    if (read === 0) break;
    hash.update(piece.subarray(0, read));
    at += read;
    tell({ stage: "verifying", bytes: at, total });
  }
}

async function fetchRest(
  file: Expected,
  url: URL,
  arrival: Arrival,
  tell: Tell,
  signal: AbortSignal,
): Promise<void> {
  const { part } = arrival;
  const stall = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), STALL_MS);
  };
  heard();
  try {
    const headers: Record<string, string> = part.bytes > 0 ? { Range: `bytes=${part.bytes}-` } : {};
    const response = await fetch(url, {
      headers,
      cache: "no-store",
      signal: AbortSignal.any([signal, stall.signal]),
    });
    // Nothing is left to send of a file whose size only the server knows.
    if (response.status === 416 && file.bytes === undefined) return;
    if (response.status === 416) {
      // Trying on would fetch the same short file for ever.
      const came = part.bytes;
      arrival.reset();
      throw failed(
        "The server holds only a part of this model.",
        `${url.pathname}: no more than ${came} of ${file.bytes ?? "unknown"} bytes`,
        "Try again later, or choose another model.",
      );
    }
    if (!continues(response, part, url)) arrival.reset();
    const total = file.bytes ?? announced(response, part.bytes);
    if (!response.body) throw new Interrupted("empty answer");
    const reader = response.body.getReader();
    while (true) {
      const { done, value } = await reader.read();
      if (done) break;
      heard();
      if (part.bytes === 0 && /^\s*</.test(new TextDecoder().decode(value.subarray(0, 16))))
        throw webPage(url);
      if (file.bytes !== undefined && part.bytes + value.length > file.bytes) {
        await reader.cancel();
        part.reset();
        throw new AlcoveError("integrity", "The server's file is larger than the one that was expected.", {
          detail: `${url.pathname}: more than ${file.bytes} bytes`,
        });
      }
      arrival.add(value);
      tell({ stage: "downloading", bytes: part.bytes, total: total ?? 0 });
    }
    if (total !== undefined && part.bytes < total)
      throw new Interrupted(`ended at ${part.bytes} of ${total} bytes`);
  } catch (thrown) {
    // fetch and its stream fail with a TypeError when the connection does.
    if (thrown instanceof TypeError || stall.signal.aborted) {
      throw new Interrupted(stall.signal.aborted ? `nothing came for ${STALL_MS} ms` : String(thrown));
    }
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

const webPage = (url: URL) =>
  failed(
    "The server sent a web page instead of the model.",
    url.pathname,
    "Check the address, or a sign-in page of the network.",
  );

/** Whether `response` goes on where the part ends (else it begins anew). */
function continues(response: Response, part: Part, url: URL): boolean {
  const { status } = response;
  if (status === 404 || status === 410)
    throw failed("The model is not on the server.", `${status} ${url.pathname}`, "Choose another model.");
  if (status >= 500 || status === 429) throw new Interrupted(`status ${status}`);
  if (!response.ok) throw failed("The server refused the download.", `${status} ${url.pathname}`);
  if (/text\/html/i.test(response.headers.get("content-type") ?? "")) throw webPage(url);
  const range = response.headers.get("content-range");
  // A server may not let a page of another origin read this header: it sends what it was asked for then.
  return status === 206 && (range === null || range.startsWith(`bytes ${part.bytes}-`));
}

/** The whole size by what the server says; undefined where it says nothing, or of a compressed answer. */
function announced(response: Response, before: number): number | undefined {
  const length = Number(response.headers.get("content-length") ?? 0);
  return length > 0 && !response.headers.get("content-encoding") ? before + length : undefined;
}
