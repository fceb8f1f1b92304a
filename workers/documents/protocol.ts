/** What the worker that keeps documents answers. */
import type { ErrorData } from "../wire/errors.ts";
import type { NoArgs, Operation } from "../wire/rpc.ts";

/** How a file is read. */
export type DocumentType =
  | "pdf"
  | "word"
  | "powerpoint"
  | "excel"
  | "epub"
  | "html"
  | "markdown"
  | "csv"
  | "email"
  | "code"
  | "text";

export interface DocumentEntry {
  id: string;
  /** The file's name. */
  name: string;
  type: DocumentType;
  /** Of the file; its text is what is kept. */
  bytes: number;
  /** Milliseconds since 1970: when this version came. */
  added: number;
  /**
   * "reading": not all of its text is here yet, or a new version is being read; "ready": all of it can be searched;
   * "failed": `problem` says why, and what was read until then can be searched.
   */
  state: "reading" | "ready" | "failed";
  problem?: ErrorData;
  /** Pages of a PDF, slides, sheets, chapters; 1 where a file has no such thing. */
  pages: number;
  /** Length of its text. */
  characters: number;
  /** The passages that it was cut into, and how many of them can be found by their meaning, not only by their words. */
  passages: number;
  understood: number;
  /** What of it could not be read, in words for a person: "Page 3 is only a picture." */
  notes: string[];
  /** Names of the collections that it is in. */
  collections: string[];
}

/** A page, slide, sheet or chapter: `text.slice(start, end)` of the document. */
export interface DocumentPage {
  /** From 1. */
  page: number;
  start: number;
  end: number;
  /** A sheet's or chapter's name. */
  title?: string;
}

export interface OpenedDocument extends DocumentEntry {
  text: string;
  /** In order; together they are the text. */
  sections: DocumentPage[];
}

/** A passage that was found: `text` is `start` to `end` of the document's text. */
export interface DocumentHit {
  /** The document's id and name. */
  document: string;
  name: string;
  /** From 1. */
  page: number;
  /** The headings above it, the outermost first: "Travel › Hotels"; "" without any. */
  heading: string;
  text: string;
  /** 0 to 1: 1 is first by its words and, where that was asked too, first by its meaning. To be compared within a search. */
  score: number;
  start: number;
  end: number;
  /** How near its meaning is to the query's: the cosine of their vectors; null where one of them has none. */
  similarity: number | null;
  /** The part of the query's words that stand in it, 0 to 1; words like "the" are not counted. */
  matched: number;
}

/** A heading in a section's text. */
export interface Heading {
  /** Where its line begins. */
  at: number;
  /** 1 is the outermost. */
  level: number;
  text: string;
}

/** What a parser reads at once: a page, or a part of a long one. */
export interface Section {
  page: number;
  title?: string;
  text: string;
  headings?: Heading[];
  /** A page of a PDF that has no text: what stands on it may be read. */
  picture?: boolean;
}

/** A document whose text is not all here. */
export interface Unread {
  /** Of this version of it. */
  key: number;
  id: string;
  name: string;
  type: DocumentType;
  /** How many sections of it are here. */
  sections: number;
}

/** A passage that has no vector yet. */
export interface Passage {
  key: number;
  text: string;
}

export type DocumentsProtocol = {
  /** Opens what is kept; `wasm` is the address of SQLite's code. It has to come first, on every line. */
  open: Operation<{ wasm: string }, { persistent: boolean }>;
  /**
   * Keeps a file until its text is read; there is nothing to read where the same bytes are here. Items: bytes that were
   * copied.
   */
  begin: Operation<
    { file: Blob; name: string; collection?: string },
    { id: string; outcome: "added" | "already" | "replaced"; unread: Unread | null },
    number
  >;
  /** What waits to be read, of any tab. */
  unread: Operation<NoArgs, Unread[]>;
  /**
   * A file that is to be read, and that somebody begins to; null where it is no longer wanted, or was begun with too often.
   */
  take: Operation<{ key: number }, { file: Blob; known: Known } | null>;
  /** Keeps what was read of it; false where nobody wants it any more. */
  put: Operation<{ key: number; sections: Section[] }, boolean>;
  /** All of it is read. `pages` where it is more than those of the sections. */
  finish: Operation<{ key: number; pages: number; notes: string[] }, void>;
  /** It cannot be read; with `keep` what is here of it stays, as a document that failed. */
  fail: Operation<{ key: number; problem: ErrorData; keep: boolean }, void>;
  list: Operation<NoArgs, DocumentEntry[]>;
  text: Operation<{ id: string }, OpenedDocument>;
  remove: Operation<{ id: string }, void>;
  /** Sets which collections a document is in. */
  collect: Operation<{ id: string; collections: string[] }, void>;
  /** Passages without a vector of this model, the oldest first. */
  passages: Operation<{ model: string; most: number }, Passage[]>;
  /** Of passages; each vector has the length 1. */
  vectors: Operation<{ model: string; vectors: { key: number; vector: Float32Array }[] }, void>;
  search: Operation<SearchArgs, DocumentHit[]>;
};

/** Where pdf.js finds what it loads. */
export interface PdfPlaces {
  worker: string;
  decoders: string;
  /** An archive. */
  maps: string;
}

/** How much of a document is here. */
export interface Known {
  sections: number;
  /** The page of the last one, 0 without any; a long page has several sections. */
  page: number;
  ofPage: number;
}

export interface ParseArgs {
  file: Blob;
  name: string;
  type: DocumentType;
  /** What was told before is not told again. */
  known: Known;
  pdf: PdfPlaces;
}

/** What is read of a file, piece by piece; `total` pages, 0 where that is not known. */
export interface Parsed {
  sections: Section[];
  done: number;
  total: number;
}

/** What the worker answers that reads one file, and is thrown away. */
export type ParserProtocol = {
  parse: Operation<ParseArgs, { pages: number; notes: string[] }, Parsed>;
  /** A page of the PDF that it reads, or has read. */
  picture: Operation<{ page: number }, Blob>;
};

export interface SearchArgs {
  query: string;
  /** Of the query, with the model that made it. */
  vector?: { model: string; values: Float32Array };
  top: number;
  /** Ids. */
  documents?: string[];
  collection?: string;
}
