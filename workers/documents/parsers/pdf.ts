/** The text layer of a PDF, page by page, by pdf.js, which does all its work in this very worker. */
import type { PDFDocumentProxy } from "pdfjs-dist";
import { AlcoveError } from "../../wire/errors.ts";
import { listedPages } from "../listed-pages.ts";
import type { ParseArgs } from "../protocol.ts";
import { tidy } from "./decode.ts";
import { checkLength, type Parser } from "./parser.ts";
import { drawPage, openPdf } from "./pdf-file.ts";
import { linesOf, type TextPiece } from "./pdf-lines.ts";

/** So many pages are told at once. */
const BATCH = 8;

/** Of the one file that a worker reads. */
let document: Promise<PDFDocumentProxy> | undefined;

/** Page `number` as a picture, of the file that is being read. */
export async function picturePdf(number: number): Promise<Blob> {
  if (!document) throw new AlcoveError("bad-request", "No PDF is being read.");
  return drawPage(await document, number);
}

export const parsePdf: Parser = async ({ file, name, known, pdf }: ParseArgs, tell, signal) => {
  document = openPdf(file, name, pdf);
  const opened = await document;
  const damaged: number[] = [];
  let letters = 0;
  let batch = [];
  const pages = opened.numPages;
  for (let number = Math.max(1, known.page); number <= pages; number++) {
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    const text = await pageText(opened, number).catch(() => {
      damaged.push(number);
      return "";
    });
    letters += text.length;
    checkLength(letters, name);
    const picture = text === "" && damaged.at(-1) !== number;
    batch.push({ page: number, text, ...(picture ? { picture } : {}) });
    if (batch.length < BATCH && number < pages) continue;
    tell(batch, number, pages);
    batch = [];
  }
  const notes = damaged.length > 0 ? [`${listedPages(damaged)} could not be read.`] : [];
  return { pages, notes };
};

async function pageText(document: PDFDocumentProxy, number: number): Promise<string> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const pieces = items.filter((item): item is typeof item & TextPiece => "str" in item);
  return tidy(linesOf(pieces)).normalize("NFC");
}
