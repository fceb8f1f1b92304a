/** Reads a file of conversations: ours, or an export of ChatGPT, Open WebUI or LibreChat; of a zip what is in it. */
import { AlcoveError } from "../wire/errors.ts";
import { bytesOf } from "./bytes.ts";
import { foreign } from "./foreign.ts";
import { jsonPieces, type Piece } from "./json-pieces.ts";
import { FORMAT, type Found, VERSION } from "./protocol.ts";
import { refused } from "./refused.ts";
import { isZip, zipEntries } from "./zip.ts";

/** What crosses to the page at once: it keeps each batch before it asks for the next. */
const BATCH_LETTERS = 1_000_000;
const BATCH = 100;

/** ChatGPT's own, whose large exports are in several files; else any JSON. */
const CONVERSATIONS = /(?:^|\/)conversations[^/]*\.json$/i;
const JSON_FILE = /\.json$/i;

/** @throws AlcoveError `bad-request` for a file that is damaged, of another kind, or without any conversation */
export async function* batches(file: Blob): AsyncGenerator<Found[]> {
  let batch: Found[] = [];
  let letters = 0;
  for await (const streams of sources(file)) {
    for await (const { found, length } of conversationsIn(streams)) {
      batch.push(found);
      letters += length;
      if (letters < BATCH_LETTERS && batch.length < BATCH) continue;
      yield batch;
      batch = [];
      letters = 0;
    }
  }
  if (batch.length) yield batch;
}

async function* sources(file: Blob): AsyncGenerator<ReadableStream<Uint8Array>> {
  if (!(await isZip(file))) {
    yield file.stream();
    return;
  }
  const entries = await zipEntries(file);
  const named = entries.filter(({ name }) => CONVERSATIONS.test(name));
  const wanted = named.length ? named : entries.filter(({ name }) => JSON_FILE.test(name));
  if (!wanted.length) throw refused("there is no conversations.json in this zip.");
  for (const entry of wanted) yield await entry.open();
}

interface Read {
  found: Found;
  /** Of its JSON. */
  length: number;
}

async function* conversationsIn(stream: ReadableStream<Uint8Array>): AsyncGenerator<Read> {
  const fields: Record<string, unknown> = {};
  let listed = 0;
  let known = 0;
  let length = 0;
  for await (const piece of safely(jsonPieces(bytesOf(stream)))) {
    if (!piece.listed) {
      fields[piece.name] = parsed(piece);
      length += piece.text.length;
      continue;
    }
    listed += 1;
    const value = listedValue(piece);
    const theirs = foreign(value);
    if (theirs) known += 1;
    else if (piece.name && "format" in fields) checkHeader(fields);
    const ours = piece.name ? { record: value } : unknownKind(value);
    yield { found: value === undefined ? BROKEN : (theirs ?? ours), length: piece.text.length };
  }
  if (known) return;
  // What was taken already goes where this fails.
  if (listed || "format" in fields) return checkHeader(fields);
  const only = foreign(fields);
  if (!only) throw refused("it holds no conversations.");
  yield { found: only, length };
}

/** The fields around the conversations in a file of ours. */
function checkHeader({ format, version, ...fields }: Record<string, unknown>): void {
  // An array of that name is none of the fields.
  if (format !== FORMAT || "conversations" in fields) throw refused("it holds no conversations.");
  if (version !== VERSION) throw refused("a newer Alcove has written it.");
}

const BROKEN: Found = { title: "", reason: "It is damaged." };

const unknownKind = (value: unknown): Found => {
  const { title } = (value ?? {}) as { title?: unknown };
  return {
    title: typeof title === "string" ? title : "",
    reason: "It is no conversation that Alcove can read.",
  };
};

/** Undefined for what is no JSON. */
function listedValue({ text }: Piece): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed({ text }: Piece): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused("it is damaged, or no JSON.");
  }
}

/** What a browser says of a stream that cannot be read, or unpacked, says nothing to a person. */
async function* safely<T>(pieces: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    yield* pieces;
  } catch (thrown) {
    if (thrown instanceof AlcoveError) throw thrown;
    throw refused("it is damaged, or cannot be read.");
  }
}
