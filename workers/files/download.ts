/** Fetches one file into a part: resumed where an earlier try ended, hashed as it comes, never silent for long. */
import { md5 } from "@noble/hashes/legacy.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { LoadProgress } from "../engine/contract.ts";
import { AlcoveError, toAlcoveError } from "../wire/errors.ts";
import { nextTask } from "../wire/stream.ts";
import { type Answer, ask, BeginAnew, broken, failed, Interrupted, tooMuch, webPage } from "./answer.ts";
import { INTERRUPTED } from "./interrupted.ts";
import type { Expected, Origin, Part } from "./part.ts";
import { PATIENCE, type Patience, pause } from "./patience.ts";
import { type Hash, sha256 } from "./sha256.ts";

type Tell = (progress: LoadProgress) => void;

/** The bytes that came, and the hashes of just these. */
class Arrival {
  readonly part: Part;
  readonly #md5: boolean;
  #hashes: { sha256: Hash; md5?: Hash };

  constructor(part: Part, file: Expected) {
    this.part = part;
    this.#md5 = file.sha256 === undefined && file.md5 !== undefined;
    this.#hashes = this.#start();
  }

  add(bytes: Uint8Array): void {
    this.part.append(bytes);
    this.heard(bytes);
  }

  /** Hashes what is in the part already. */
  heard(bytes: Uint8Array): void {
    this.#hashes.sha256.update(bytes);
    this.#hashes.md5?.update(bytes);
  }

  async reset(origin?: Origin): Promise<void> {
    await this.part.reset(origin);
    this.#hashes = this.#start();
  }

  /** Of all that came, in hex; nothing can be added afterwards. */
  digests(): { sha256: string; md5: string | undefined } {
    const { sha256, md5 } = this.#hashes;
    return { sha256: bytesToHex(sha256.digest()), md5: md5 && bytesToHex(md5.digest()) };
  }

  #start() {
    return { sha256: sha256(), ...(this.#md5 ? { md5: md5.create() } : {}) };
  }
}

const TELL_EVERY_MS = 100;
const READ = 1 << 20;
/** No file of ours is as long. */
const MOST_BYTES = 1e12;
/** By how much a file may outgrow what was said to be about its length. */
const OUTGROW = { factor: 1.25, bytes: 16e6 };

/** Tells at most every {@link TELL_EVERY_MS}, and always the end and another stage: a wait is told only once. */
export function throttled(tell: Tell): Tell {
  let last = Number.NEGATIVE_INFINITY;
  let stage: LoadProgress["stage"] | undefined;
  return (progress) => {
    const now = performance.now();
    const same = progress.stage === stage && progress.bytes !== progress.total;
    if (same && now - last < TELL_EVERY_MS) return;
    last = now;
    stage = progress.stage;
    tell(progress);
  };
}

/**
 * Brings `file` into `part` and checks its size and hash.
 * @returns the SHA-256 of the whole file, in hex
 * @throws AlcoveError download-failed (what came is kept for the next try), integrity (nothing is kept, or what was
 *   kept before), quota, cancelled
 */
export async function download(
  file: Expected,
  url: URL,
  part: Part,
  tell: Tell,
  signal: AbortSignal,
  patience: Patience = PATIENCE,
): Promise<string> {
  const report = throttled(tell);
  if (file.bytes !== undefined && part.bytes > file.bytes) await part.reset();
  const resumed = part.bytes > 0;
  const arrival = new Arrival(part, file);
  try {
    await hashEarlier(arrival, file.bytes ?? 0, report, signal);
    const whole = part.bytes > 0 && part.bytes === (file.bytes ?? part.origin?.total);
    if (!whole) await fetchAll(file, url, arrival, report, signal, patience);
  } catch (thrown) {
    throw signal.aborted ? new AlcoveError("cancelled", "The download was stopped.") : toAlcoveError(thrown);
  }
  const digests = arrival.digests();
  const [wanted, got] = file.sha256 ? [file.sha256, digests.sha256] : [file.md5, digests.md5];
  if (got === wanted) return digests.sha256;
  await part.reset();
  // What an earlier try left may have been the bad part: once more, from the beginning.
  if (resumed) return download(file, url, part, tell, signal, patience);
  throw new AlcoveError(
    "integrity",
    "The downloaded file is not the one that was expected; it was deleted.",
    {
      action: "Download it again. If this repeats, the server holds another file.",
      detail: `${url.pathname}: expected ${wanted}, got ${got}`,
    },
  );
}

/** Hashes what an earlier try left. */
async function hashEarlier(arrival: Arrival, total: number, tell: Tell, signal: AbortSignal): Promise<void> {
  const { part } = arrival;
  const piece = new Uint8Array(READ);
  for (let at = 0; at < part.bytes; ) {
    const read = part.read(piece, at);
    if (read === 0) break;
    arrival.heard(piece.subarray(0, read));
    at += read;
    tell({ stage: "verifying", bytes: at, total });
    await nextTask(); // a stop has to be heard
    signal.throwIfAborted();
  }
}

/** Asks until all of it is here, a few times after a break without a word, and as long as something comes. */
async function fetchAll(
  file: Expected,
  url: URL,
  arrival: Arrival,
  tell: Tell,
  signal: AbortSignal,
  patience: Patience,
): Promise<void> {
  const { part } = arrival;
  let anew = false;
  let waits = 0;
  let furthest = part.bytes;
  for (let attempt = 0; ; attempt++) {
    try {
      return await fetchRest(file, url, arrival, anew, tell, signal, patience.stallMs);
    } catch (thrown) {
      if (signal.aborted || !(thrown instanceof Interrupted)) throw thrown;
      if (thrown instanceof BeginAnew && !anew) {
        anew = true;
        attempt--;
        continue;
      }
      anew = false;
      const { waitMs } = thrown;
      if (part.bytes - furthest >= READ) {
        // A connection that breaks often still gets there.
        attempt = waits = 0;
        furthest = part.bytes;
      }
      const ms = waitMs ?? patience.pausesMs[attempt];
      const tooLong = waitMs !== undefined && (waitMs > patience.mostWaitMs || ++waits > patience.mostWaits);
      if (ms === undefined || tooLong) throw gaveUp(thrown, url);
      if (waitMs !== undefined) {
        attempt--;
        tell({ stage: "waiting", bytes: part.bytes, total: file.bytes ?? 0, until: Date.now() + waitMs });
      }
      await pause(ms, signal);
      signal.throwIfAborted();
    }
  }
}

function gaveUp({ status, waitMs, message }: Interrupted, url: URL): AlcoveError {
  const detail = `${url.pathname}: ${message}`;
  const goesOn = "the download goes on where it ended.";
  if (status === undefined)
    return failed(INTERRUPTED, detail, `Check the connection and try again: ${goesOn}`);
  const busy = status === 429 || status === 503;
  const what = busy ? "The server has too much to do." : "The server has a fault of its own.";
  return failed(what, detail, `Try again in ${inWords(waitMs)}: ${goesOn}`);
}

function inWords(ms: number | undefined): string {
  if (ms === undefined) return "a few minutes";
  const minutes = Math.ceil(ms / 60_000);
  if (minutes > 90) return `${Math.ceil(minutes / 60)} hours`;
  return minutes > 1 ? `${minutes} minutes` : "a minute";
}

async function fetchRest(
  file: Expected,
  url: URL,
  arrival: Arrival,
  anew: boolean,
  tell: Tell,
  signal: AbortSignal,
  stallMs: number,
): Promise<void> {
  const { part } = arrival;
  const stall = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => stall.abort(), stallMs);
  };
  heard();
  try {
    const answer = await ask(url, file, part, anew, AbortSignal.any([signal, stall.signal]));
    await take(answer, file, url, arrival, tell, heard);
  } catch (thrown) {
    if (stall.signal.aborted && !signal.aborted) throw new Interrupted(`nothing came for ${stallMs} ms`);
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
  const total = file.bytes ?? part.origin?.total;
  if (total !== undefined && part.bytes < total)
    throw new Interrupted(`ended at ${part.bytes} of ${total} bytes`);
}

/** Adds what comes to the part. What is in the part is given up only once there is something to take its place. */
async function take(
  { from, origin, body }: Answer,
  file: Expected,
  url: URL,
  arrival: Arrival,
  tell: Tell,
  heard: () => void,
): Promise<void> {
  const { part } = arrival;
  const total = file.bytes ?? origin.total;
  const about = file.about ? file.about * OUTGROW.factor + OUTGROW.bytes : MOST_BYTES;
  const most = Math.min(total ?? about, file.most ?? MOST_BYTES);
  const reader = body?.getReader();
  if (!reader) return;
  for (let begun = from > 0; ; ) {
    const { done, value } = await reader.read().catch(broken);
    if (done) break;
    heard();
    if (!begun && /^\s*</.test(new TextDecoder().decode(value.subarray(0, 16)))) {
      await reader.cancel().catch(() => undefined);
      throw webPage(url);
    }
    if ((begun ? part.bytes : 0) + value.length > most) {
      await reader.cancel().catch(() => undefined);
      if (begun) await part.reset();
      throw tooMuch(`${url.pathname}: more than ${most} bytes`);
    }
    if (!begun) await arrival.reset(origin);
    begun = true;
    arrival.add(value);
    tell({ stage: "downloading", bytes: part.bytes, total: total ?? 0 });
  }
}
