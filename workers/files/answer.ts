/**
 * Asks a server for a file from some byte on, and judges what it answers: the one place where an address becomes
 * bytes. Bytes of two versions of a file are never joined: an answer goes on with what is here only where a hash will
 * tell, or where the server shows that it is the same version.
 */
import { AlcoveError } from "../wire/errors.ts";
import type { Expected, Origin, Part } from "./part.ts";
import { fetchParts } from "./parts.ts";

/** Bytes of a file from `from` on: where the part ends, or 0 when the server begins anew. */
export interface Answer {
  from: number;
  origin: Origin;
  body: ReadableStream<Uint8Array> | null;
}

/** A break that another try may mend. */
export class Interrupted extends Error {
  /** What the server answered, where it was the server. */
  readonly status: number | undefined;
  /** How long it wants to be left alone, in milliseconds. */
  readonly waitMs: number | undefined;

  constructor(message: string, status?: number, waitMs?: number) {
    super(message);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/** What is here cannot be gone on with: the next request asks for the whole file. */
export class BeginAnew extends Interrupted {}

export const failed = (message: string, detail: string, action?: string) =>
  new AlcoveError("download-failed", message, action ? { action, detail } : { detail });

/**
 * @param anew asks for the whole file, whatever is here
 * @throws Interrupted, BeginAnew; AlcoveError `download-failed`, `integrity`
 */
export async function ask(
  url: URL,
  file: Expected,
  part: Part,
  anew: boolean,
  signal: AbortSignal,
): Promise<Answer> {
  const from = anew ? 0 : part.bytes;
  const headers: Record<string, string> = from > 0 ? { Range: `bytes=${from}-` } : {};
  const before = part.origin?.url === url.href ? part.origin : undefined;
  // To another origin this header would cost a question of its own, which many hubs answer with no: what comes back
  // is compared instead.
  if (from > 0 && before?.validator && sameOrigin(url)) headers["If-Range"] = before.validator;
  const asked = file.parts
    ? fetchParts(file.parts, from, signal)
    : fetch(url, { headers, cache: "no-store", signal });
  const response = await asked.catch(broken);
  try {
    return judge(response, url, file, from, before);
  } catch (thrown) {
    await response.body?.cancel().catch(() => undefined);
    throw thrown;
  }
}

/** fetch and its stream fail with a TypeError when the connection does. */
export function broken(thrown: unknown): never {
  if (thrown instanceof TypeError) throw new Interrupted(String(thrown.cause ?? thrown));
  throw thrown;
}

export const webPage = (url: URL) =>
  failed(
    "The server sent a web page instead of the model.",
    url.pathname,
    "Check the address, or a sign-in page of the network.",
  );

function judge(
  response: Response,
  url: URL,
  file: Expected,
  from: number,
  before: Origin | undefined,
): Answer {
  const validator = validatorOf(response);
  const changed =
    before?.validator !== undefined && validator !== undefined && validator !== before.validator;
  const { start, total } = rangeOf(response);
  if (response.status === 416 && from > 0) {
    const whole = (file.bytes ?? total ?? before?.total) === from && !changed;
    if (whole) return { from, origin: { ...before, url: url.href, total: from }, body: null };
    throw new BeginAnew(`status 416 at ${from}`);
  }
  refuse(response, url);
  const goesOn = response.status === 206 && from > 0;
  const length = lengthOf(response);
  const size = total ?? (length === undefined ? undefined : length + (goesOn ? from : 0));
  if (goesOn) {
    const hashed = file.sha256 !== undefined || file.md5 !== undefined;
    const wanted = file.bytes ?? before?.total;
    if (changed || (start !== undefined && start !== from)) throw new BeginAnew("another version, or place");
    // A server may not let a page of another origin read where its answer begins.
    if (!hashed && (before?.validator === undefined || validator === undefined))
      throw new BeginAnew("nothing tells whether it is the same version");
    if (!hashed && (size === undefined || size !== wanted)) throw new BeginAnew(`${size} of ${wanted} bytes`);
  } else if ((start ?? 0) !== 0) throw new Interrupted(`bytes from ${start}, which nobody asked for`);
  checkSize(size, file, url, goesOn);
  const origin: Origin = { url: url.href };
  if (validator !== undefined) origin.validator = validator;
  if (size !== undefined) origin.total = size;
  return { from: goesOn ? from : 0, origin, body: response.body };
}

/** A whole file of another size than the known one need not be fetched. */
function checkSize(size: number | undefined, file: Expected, url: URL, goesOn: boolean): void {
  if (size === undefined) return;
  if (file.most !== undefined && size > file.most) throw tooMuch(`${url.pathname}: ${size} bytes`);
  if (file.bytes === undefined || size === file.bytes) return;
  const detail = `${url.pathname}: ${size} bytes in place of ${file.bytes}`;
  if (goesOn) throw new BeginAnew(detail);
  if (size > file.bytes) throw tooMuch(detail);
  throw failed(
    "The server holds only a part of this model.",
    detail,
    "Try again later, or choose another model.",
  );
}

export const tooMuch = (detail: string) =>
  new AlcoveError("integrity", "The server's file is larger than the one that was expected.", { detail });

function refuse(response: Response, url: URL): void {
  const { status } = response;
  const detail = `${status} ${url.pathname}`;
  if (status === 404 || status === 410)
    throw failed("The model is not on the server.", detail, "Choose another model.");
  if (status === 401 || status === 403) {
    throw failed(
      "The server does not give this model to everybody.",
      detail,
      "Its maker may want you to sign in or to agree to a licence first. Choose another model, or bring the file.",
    );
  }
  if (status === 429 || status >= 500)
    throw new Interrupted(`status ${status}`, status, retryAfter(response));
  if (!response.ok) throw failed("The server refused the download.", detail);
  if (/text\/html/i.test(response.headers.get("content-type") ?? "")) throw webPage(url);
}

/** Seconds, or a date. */
function retryAfter({ headers }: Response): number | undefined {
  const value = headers.get("retry-after");
  if (value === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** A weak ETag only says that a file means the same. */
function validatorOf({ headers }: Response): string | undefined {
  const tag = headers.get("etag");
  return tag?.startsWith('"') ? tag : (headers.get("last-modified") ?? undefined);
}

function rangeOf({ headers }: Response): { start?: number; total?: number } {
  const [, start, total] =
    /^bytes (?:(\d+)-\d+|\*)\/(\d+|\*)$/.exec(headers.get("content-range") ?? "") ?? [];
  return {
    ...(start === undefined ? {} : { start: Number(start) }),
    ...(total === undefined || total === "*" ? {} : { total: Number(total) }),
  };
}

/** What may come compressed. */
const PACKABLE = /json|text|javascript|wasm|xml/i;

/** What the server says of how much comes; undefined where it says nothing, or of an answer that may be compressed. */
function lengthOf({ headers, type }: Response): number | undefined {
  const length = Number(headers.get("content-length") ?? 0);
  // A page of another origin may read the length, but not whether it is that of a compressed answer.
  const hidden = type === "cors" && PACKABLE.test(headers.get("content-type") ?? "");
  return length > 0 && !hidden && !headers.get("content-encoding") ? length : undefined;
}

function sameOrigin(url: URL): boolean {
  const here = (globalThis.location as Location | undefined)?.origin;
  return here === undefined || here === url.origin;
}
