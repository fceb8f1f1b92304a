/** What Python asks of the person's documents (`py_app/documents/shelf.py`, `py_app/tools/documents.py`). */
import type { DocumentEntry, DocumentHit } from "../documents/document.ts";
import type { Documents } from "../documents/documents.ts";

export type DocumentsCall =
  | { action: "list" }
  | { action: "search"; query: string; top: number; documents?: string[] }
  | { action: "open"; document: string; page: number };

type Shelf = Pick<Documents, "list" | "search" | "open">;

interface Found {
  /** The names of the documents that were searched: of those that were meant some may be gone. */
  searched: string[];
  passages: DocumentHit[];
}

/** @throws AlcoveError what the documents cannot be read for; `cancelled` */
export async function lookInto(
  shelf: Shelf,
  asked: DocumentsCall,
  signal: AbortSignal,
): Promise<Found | { documents: Pick<DocumentEntry, "id" | "name" | "pages">[] } | Page> {
  if (asked.action === "open") return pageOf(shelf, asked.document, asked.page);
  const here = await shelf.list();
  if (asked.action === "list") return { documents: here.map(({ id, name, pages }) => ({ id, name, pages })) };
  const meant = asked.documents ? here.filter(({ id }) => asked.documents?.includes(id)) : here;
  const searched = meant.map(({ name }) => name);
  if (!meant.length) return { searched, passages: [] };
  const documents = asked.documents ? { documents: meant.map(({ id }) => id) } : {};
  return { searched, passages: await shelf.search(asked.query, { top: asked.top, ...documents, signal }) };
}

interface Page {
  page: number;
  pages: number;
  text: string;
}

/** The page that was meant, or the nearest that there is. */
async function pageOf(shelf: Shelf, document: string, wanted: number): Promise<Page> {
  const { sections, text } = await shelf.open(document);
  const pages = Math.max(1, sections.at(-1)?.page ?? 1);
  const page = Math.min(Math.max(wanted, 1), pages);
  // A long page is kept in parts.
  const parts = sections.filter((each) => each.page === page);
  return { page, pages, text: text.slice(parts[0]?.start ?? 0, parts.at(-1)?.end ?? text.length) };
}
