/** What is told of documents. */

/** How a file was read. */
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
   * "reading": not all of its text is here yet; "ready": all of it can be searched; "failed": `problem` says why, and
   * what was read until then can be searched.
   */
  state: "reading" | "ready" | "failed";
  problem?: { code: string; message: string; action: string };
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

export interface AddedDocument extends DocumentEntry {
  /** Whether the same bytes were here already, or it took the place of an earlier version of the file. */
  outcome: "added" | "already" | "replaced";
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
  /** 0 to 1: 1 is first by its words and first by its meaning. Compare it within one search only. */
  score: number;
  start: number;
  end: number;
  /** How near its meaning is to the query's: the cosine of their vectors; null where one of them has none. */
  similarity: number | null;
  /** The part of the query's words that stand in it, rare words counting for more: 0 to 1. */
  matched: number;
}

export interface AddProgress {
  stage: "waiting" | "reading";
  /** Pages that were read, and how many there are; 0 where that is not known yet. */
  done: number;
  total: number;
}

export interface AddOptions {
  onProgress?: (progress: AddProgress) => void;
  /** An abort before the text is read leaves nothing of the document. */
  signal?: AbortSignal;
  /** A collection that it is put into. */
  collection?: string;
}

export interface SearchOptions {
  /** How many passages at most; default 8. */
  top?: number;
  /** Ids of the documents to search; all when left out. */
  documents?: string[];
  /** Only what is in this collection. */
  collection?: string;
  signal?: AbortSignal;
}
