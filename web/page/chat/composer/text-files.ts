/** Files whose text goes with a message: read, measured against what the model takes, and made to fit. */
import { AlcoveError, type TextFile } from "../../../sdk/index.ts";
import type { Thread } from "../../state/thread.ts";
import { w } from "../words/files.ts";

/** Of all of a message; more is for documents. */
const MOST_LETTERS = 1_000_000;
/** Of a model's window: the conversation and the answer want their part. */
const SHARE = 0.6;
/** As Python takes it too, before the engine has counted (`py_app/context/tokens.py`). */
const BYTES_PER_TOKEN = 4;

/**
 * @returns what of it could not be read, in words
 * @throws AlcoveError as `Documents.read`; `bad-request` where there is no text in it
 */
export async function readFile(thread: Thread, file: File): Promise<string> {
  const { text, notes } = await (await thread.session.alcove).documents.read(file);
  if (!text.trim()) throw new AlcoveError("bad-request", w.noText({ name: file.name }));
  const { drafts } = thread;
  const added = { name: file.name, text, bytes: file.size };
  drafts.files = [...drafts.files.filter(({ name }) => name !== file.name), added];
  return notes.join(" ");
}

const bytesIn = (text: string): number => new TextEncoder().encode(text).length;

/** They are asked for as the person types. */
const counted = new WeakMap<TextFile, number>();

function bytesOf(file: TextFile): number {
  const bytes = counted.get(file) ?? bytesIn(file.text);
  counted.set(file, bytes);
  return bytes;
}

export const tokensOf = (files: readonly TextFile[]): number =>
  Math.ceil(files.reduce((sum, file) => sum + bytesOf(file), 0) / BYTES_PER_TOKEN);

export interface Room {
  /** What answers. */
  model: string;
  /** Tokens that it takes at a time. */
  window: number;
  /** Tokens of files that fit. */
  tokens: number;
}

/** What the model of a conversation takes; null where that is not known, as of a server. */
export async function roomOf({ session }: Thread): Promise<Room | null> {
  const { choice } = session;
  const models = choice ? await (await session.alcove).models.list().catch(() => []) : [];
  const found = models.find(({ id }) => id === choice?.model);
  if (!found?.context) return null;
  return { model: found.name, window: found.context, tokens: Math.floor(found.context * SHARE) };
}

export const fits = (files: readonly TextFile[], room: Room | null): boolean =>
  files.reduce((sum, { text }) => sum + text.length, 0) <= MOST_LETTERS &&
  (!room || tokensOf(files) <= room.tokens);

/** The same with the beginning of each, as long as all of them fit: what is short already stays whole. */
export function shortened(files: readonly TextFile[], room: Room | null): TextFile[] {
  let left = (room ? room.tokens : MOST_LETTERS / BYTES_PER_TOKEN) * BYTES_PER_TOKEN;
  const order = [...files].sort((one, other) => one.text.length - other.text.length);
  const cut = new Map(
    order.map((file, at) => {
      const text = beginning(file.text, Math.floor(left / (order.length - at)));
      left -= bytesIn(text);
      return [file, text] as const;
    }),
  );
  return files.map((file) => {
    const text = cut.get(file) ?? "";
    return text === file.text ? file : { ...file, text, whole: file.whole ?? file.text.length };
  });
}

/** As much of `text` as `most` bytes hold, up to the end of a line where there is one near. */
function beginning(text: string, most: number): string {
  const bytes = new TextEncoder().encode(text.slice(0, most));
  if (bytes.length <= most && text.length <= most) return text;
  // Half a letter at the end becomes none.
  const cut = new TextDecoder().decode(bytes.subarray(0, most), { stream: true });
  const line = cut.lastIndexOf("\n");
  return line > cut.length / 2 ? cut.slice(0, line + 1) : cut;
}

/** Puts the files into the person's documents, from which the conversation is answered then. */
export async function intoDocuments({ session, drafts }: Thread): Promise<void> {
  const { documents } = await session.alcove;
  for (const file of drafts.files) {
    const { id } = await documents.add(new File([file.text], file.name));
    session.documents = [...new Set([...session.documents, id])];
    drafts.files = drafts.files.filter((other) => other !== file);
  }
}
