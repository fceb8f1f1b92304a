/** How a file is to be read: told by its first bytes, which are right more often than its name. */
import { AlcoveError } from "../wire/errors.ts";
import type { DocumentType } from "./protocol.ts";

const BY_NAME: Partial<Record<DocumentType, RegExp>> = {
  markdown: /\.(?:md|markdown|mdx)$/i,
  html: /\.(?:html?|xhtml)$/i,
  csv: /\.(?:csv|tsv)$/i,
  email: /\.eml$/i,
  code: /\.(?:py|pyi|ipynb|[cm]?[jt]sx?|json5?|jsonl|ya?ml|toml|ini|cfg|conf|sh|bash|ps1|bat|c|cc|cpp|h|hpp|cs|java|kt|swift|go|rs|rb|php|pl|lua|r|jl|scala|sql|css|scss|less|xml|svg|vue|tex|dockerfile|makefile|gradle|proto|graphql|asm|wat|zig|dart|ex|exs|hs|ml|clj|lisp|el|vim|diff|patch)$/i,
};

/** What stands in an archive of each kind. */
const IN_ARCHIVE: [DocumentType, RegExp][] = [
  ["word", /word\/document\d*\.xml/],
  ["powerpoint", /ppt\/presentation\.xml/],
  ["excel", /xl\/workbook\.(?:xml|bin)/],
  ["epub", /META-INF\/container\.xml/],
];

/** Of the end of an archive, where its list of files is; a longer list is cut, which loses the files at its begin. */
const LIST_BYTES = 1 << 20;

/** How files begin that are no text, each byte as a letter; some of them after four or eight other bytes. */
const UNREADABLE: [begins: RegExp, what: string, action: string][] = [
  [
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are bytes
    /^\xd0\xcf\x11\xe0/,
    "is locked with a password, or of an old Office program",
    "Open it there, and save a copy as .docx, .xlsx or .pptx without a password.",
  ],
  [/^\{\\rtf/, "is rich text (RTF), which cannot be read", "Save it as .docx or as plain text."],
  [/^(?:\x89PNG|\xff\xd8\xff|GIF8[79]a|RIFF.{4}WEBP)/s, "is a picture", "Show it to the Vision tab."],
  [
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are bytes
    /^(?:.{4}ftyp|ID3[\x02-\x04]|OggS|fLaC|RIFF.{4}WAVE)/s,
    "is sound or film",
    "Write it down in the Transcribe tab.",
  ],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are bytes
  [/^(?:\x1f\x8b|7z\xbc\xaf|Rar!\x1a|BZh\d1AY)/, "is an archive", "Unpack it, and add the files in it."],
];

const BYTES = /[\x80-\xff\0]/;

/** @throws AlcoveError `bad-request` for an empty file and one that is nothing to read */
export async function typeOf(file: Blob, name: string): Promise<DocumentType> {
  if (file.size === 0) throw refused(name, "is empty", "Choose another file.");
  const start = await letters(file.slice(0, 1024));
  // Some begin with bytes that are none of it; a text may name it.
  if (/^\s*%PDF-/.test(start) || (start.includes("%PDF-") && BYTES.test(start))) return "pdf";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are bytes
  if (/^PK[\x03\x05\x07]/.test(start)) return inArchive(file, name);
  for (const [begins, what, action] of UNREADABLE) if (begins.test(start)) throw refused(name, what, action);
  const named = Object.entries(BY_NAME).find(([, ending]) => ending.test(name))?.[0] as
    | DocumentType
    | undefined;
  const wide = start.startsWith("\xff\xfe") || start.startsWith("\xfe\xff");
  if (!wide && start.includes("\0"))
    throw refused(name, "is no document that can be read", "Choose another file.");
  if (named) return named;
  if (/^\s*(?:<!doctype html|<html)/i.test(start)) return "html";
  return "text";
}

async function inArchive(file: Blob, name: string): Promise<DocumentType> {
  const list = await letters(file.slice(-LIST_BYTES));
  const found = IN_ARCHIVE.find(([, files]) => files.test(list));
  if (found) return found[0];
  if (/content\.xml/.test(list) && /META-INF\/manifest\.xml/.test(list))
    throw refused(
      name,
      "is of LibreOffice, which cannot be read yet",
      "Save it as .docx, .xlsx, .pptx or PDF.",
    );
  throw refused(name, "is an archive or damaged", "Unpack it and add the files in it, or save it anew.");
}

const letters = async (piece: Blob): Promise<string> =>
  new TextDecoder("latin1").decode(await piece.arrayBuffer());

const refused = (name: string, what: string, action: string): AlcoveError =>
  new AlcoveError("bad-request", `“${name}” ${what}.`, { action });
