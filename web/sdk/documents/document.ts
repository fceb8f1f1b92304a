/** What is told of documents, and what can be asked of them. */
import type { DocumentEntry } from "../../../workers/documents/protocol.ts";

export type {
  DocumentEntry,
  DocumentHit,
  DocumentPage,
  DocumentType,
  OpenedDocument,
} from "../../../workers/documents/protocol.ts";

export type DocumentFile = Blob & { name?: string; webkitRelativePath?: string };

export interface AddedDocument extends DocumentEntry {
  /** Whether the same bytes were here already, or it took the place of an earlier version of the file. */
  outcome: "added" | "already" | "replaced";
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
