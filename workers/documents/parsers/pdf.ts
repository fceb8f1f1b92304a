/** The text layer of a PDF, page by page, by pdf.js, which does all its work in this very worker. */
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from "pdfjs-dist";
import { AlcoveError } from "../../wire/errors.ts";
import type { PdfPlaces } from "../protocol.ts";
import { tidy } from "./decode.ts";
import { broken, checkLength, type Parser } from "./parser.ts";
import { linesOf, type TextPiece } from "./pdf-lines.ts";

/** So many pages are told at once. */
const BATCH = 8;

export const parsePdf: Parser = async ({ file, name, skip, pdf }, tell, signal) => {
  const document = await opened(file, name, pdf);
  const empty: number[] = [];
  const damaged: number[] = [];
  let letters = 0;
  let batch = [];
  const pages = document.numPages;
  for (let number = skip + 1; number <= pages; number++) {
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    const text = await pageText(document, number).catch(() => {
      damaged.push(number);
      return "";
    });
    if (text === "" && damaged.at(-1) !== number) empty.push(number);
    letters += text.length;
    checkLength(letters, name);
    batch.push({ page: number, text });
    if (batch.length < BATCH && number < pages) continue;
    tell(batch, number, pages);
    batch = [];
  }
  const notes = [];
  if (empty.length > 0)
    notes.push(`${listed(empty)} ${empty.length > 1 ? "have" : "has"} no text, only pictures.`);
  if (damaged.length > 0) notes.push(`${listed(damaged)} could not be read.`);
  return { pages, notes };
};

/** @throws AlcoveError `bad-request` */
async function opened(file: Blob, name: string, { worker, decoders }: PdfPlaces): Promise<PDFDocumentProxy> {
  // Where pdf.js finds its worker's code here, it starts no other worker.
  const scope = globalThis as { pdfjsWorker?: unknown };
  scope.pdfjsWorker ??= await import(worker);
  try {
    const data = new Uint8Array(await file.arrayBuffer());
    const settings = { isEvalSupported: false, useSystemFonts: false, wasmUrl: decoders };
    return await getDocument({ data, ...settings, verbosity: VerbosityLevel.ERRORS }).promise;
  } catch (thrown) {
    // pdf.js tells its exceptions apart by name.
    if (!(thrown instanceof Error) || thrown.name !== "PasswordException") throw broken(name, thrown);
    throw new AlcoveError("bad-request", `“${name}” is locked with a password.`, {
      action: "Open it elsewhere, save a copy without the password, and add that.",
    });
  }
}

async function pageText(document: PDFDocumentProxy, number: number): Promise<string> {
  const page = await document.getPage(number);
  const { items } = await page.getTextContent();
  page.cleanup();
  const pieces = items.filter((item): item is typeof item & TextPiece => "str" in item);
  return tidy(linesOf(pieces)).normalize("NFC");
}

/** "Page 3", "Pages 3, 5 and 7", "Pages 1–40". */
function listed(numbers: number[]): string {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  const words = runs.map(([from, to]) => (from === to ? `${from}` : `${from}–${to}`));
  const end = words.pop();
  return `${numbers.length > 1 ? "Pages" : "Page"} ${words.length > 0 ? `${words.join(", ")} and ` : ""}${end}`;
}
