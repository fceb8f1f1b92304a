/** What a bundle is added from: a file, the files of a folder, an address, or its text. */
import type { BundleFile } from "../../../workers/python/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { askOnce } from "../../../workers/wire/gate.ts";

/** A bundle is refused beyond it by `py_app/agents/archive.py` too; here, before it is in memory. */
const MOST_BYTES = 64 * 2 ** 20;
const MOST_FILES = 10_000;
/** A server that sends nothing for so long sends nothing any more. */
const SILENCE_MS = 30_000;
/** What belongs to tools and not to a bundle. */
const LEFT_OUT = /(?:^|\/)(?:\.git|node_modules|__pycache__|\.venv)\//;
const ADDRESS = /^\s*(?:git\+)?https?:\/\/\S+\s*$/i;

/** A file, the files of a folder that a person chose, an address, or the text of a bundle. */
export type BundleSource = File | readonly File[] | string | URL;

/** @throws AlcoveError `bad-request`, `download-failed`, `cancelled` */
export async function filesOf(source: BundleSource, signal?: AbortSignal): Promise<BundleFile[]> {
  if (source instanceof URL || (typeof source === "string" && ADDRESS.test(source))) {
    return [await fetched(String(source).trim(), signal)];
  }
  if (typeof source === "string") return [written(source)];
  const files = (source instanceof File ? [source] : [...source]).filter(
    (file) => !LEFT_OUT.test(pathOf(file)),
  );
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (files.length > MOST_FILES || bytes > MOST_BYTES) throw tooLarge();
  return Promise.all(files.map(async (file) => ({ name: pathOf(file), bytes: await file.arrayBuffer() })));
}

/** Within the folder that was chosen. */
const pathOf = (file: File): string => file.webkitRelativePath || file.name;

/** A text that begins with front matter, or reads as prose, is markdown. */
function written(text: string): BundleFile {
  if (!text.trim()) throw new AlcoveError("bad-request", "There is no text.", { action: "Paste a bundle." });
  const yaml = /^\s*(?:#.*\n\s*)*(?:bundle|includes|session|providers|tools|hooks)\s*:/.test(text);
  const { buffer } = new TextEncoder().encode(text);
  return { name: yaml ? "bundle.yaml" : "bundle.md", bytes: buffer };
}

async function fetched(address: string, signal?: AbortSignal): Promise<BundleFile> {
  if (/^git\+/i.test(address)) {
    throw new AlcoveError("bad-request", "A page cannot fetch a repository with git.", {
      action: "Download it as a zip, and add that.",
    });
  }
  const url = new URL(address);
  const over = new AbortController();
  try {
    const init: RequestInit = { signal: over.signal, credentials: "omit", referrerPolicy: "no-referrer" };
    const response = await answered(url, init, signal);
    const bytes = await read(response, signal);
    return { name: decodeURIComponent(url.pathname.split("/").at(-1) || "bundle.md"), bytes };
  } finally {
    over.abort();
  }
}

async function answered(url: URL, init: RequestInit, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await next(askOnce(url, init), signal);
  } catch (thrown) {
    if (thrown instanceof AlcoveError && ["cancelled", "timeout"].includes(thrown.code)) throw thrown;
    throw notFetched(url, "Many sites do not let other pages read them (CORS)", String(thrown));
  }
  if (!response.ok) throw notFetched(url, `It answered with ${response.status}`);
  return response;
}

/** What a server sends next, unless it sends nothing for too long. @throws AlcoveError `cancelled`, `timeout`; whatever `sent` throws */
export async function next<T>(sent: Promise<T>, signal?: AbortSignal): Promise<T> {
  const late = AbortSignal.timeout(SILENCE_MS);
  try {
    return await beforeAbort(sent, signal ? AbortSignal.any([signal, late]) : late);
  } catch (thrown) {
    if (!late.aborted || signal?.aborted) throw thrown;
    throw new AlcoveError("timeout", "The server of the bundle sends nothing any more.", {
      action: "Try again later, or download the file, and add that.",
    });
  }
}

const notFetched = ({ host }: URL, why: string, detail?: string): AlcoveError =>
  new AlcoveError("download-failed", `The bundle could not be fetched from ${host}.`, {
    action: `${why}: download the file, and add that.`,
    ...(detail ? { detail } : {}),
  });

/** The whole of it. @throws as {@link next}; AlcoveError `bad-request` for what is too large */
export async function read(response: Response, signal?: AbortSignal): Promise<ArrayBuffer> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  for (let bytes = 0; reader; ) {
    const { done, value } = await next(reader.read(), signal);
    if (done) break;
    bytes += value.length;
    parts.push(value);
    if (bytes > MOST_BYTES) {
      await reader.cancel();
      throw tooLarge();
    }
  }
  return new Blob(parts).arrayBuffer();
}

const tooLarge = (): AlcoveError =>
  new AlcoveError("bad-request", `A bundle has ${MOST_BYTES / 2 ** 20} MB and ${MOST_FILES} files at most.`, {
    action: "Leave out what the agent does not need.",
  });
