/** A PDF as pdf.js opens it in a worker: all that it needs is of this site, and a page can be drawn. */

import { unzipSync } from "fflate";
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from "pdfjs-dist";
import { bytesAt } from "../../files/site-file.ts";
import { AlcoveError } from "../../wire/errors.ts";
import type { PdfPlaces } from "../protocol.ts";
import { broken } from "./parser.ts";

/** Pixels of a page that is drawn to be read: of an A4 page 144 in an inch, more than which the reader does not look at. */
const PIXELS = 2_000_000;

/** @throws AlcoveError `bad-request` */
export async function openPdf(file: Blob, name: string, places: PdfPlaces): Promise<PDFDocumentProxy> {
  // Where pdf.js finds its worker's code here, it starts no other worker.
  const scope = globalThis as { pdfjsWorker?: unknown };
  scope.pdfjsWorker ??= await import(places.worker);
  try {
    const data = new Uint8Array(await file.arrayBuffer());
    return await getDocument({
      data,
      isEvalSupported: false,
      useSystemFonts: false,
      // There is no document here that could hold a font.
      disableFontFace: true,
      useWorkerFetch: false,
      CMapReaderFactory: letterMaps(places.maps),
      WasmFactory: decoders(places.decoders),
      CanvasFactory: Canvases,
      FilterFactory: NoFilters,
      verbosity: VerbosityLevel.ERRORS,
    }).promise;
  } catch (thrown) {
    // pdf.js tells its exceptions apart by name.
    if (!(thrown instanceof Error) || thrown.name !== "PasswordException") throw broken(name, thrown);
    throw new AlcoveError("bad-request", `“${name}” is locked with a password.`, {
      action: "Open it elsewhere, save a copy without the password, and add that.",
    });
  }
}

/** A page as a picture. */
export async function drawPage(document: PDFDocumentProxy, number: number): Promise<Blob> {
  const page = await document.getPage(number);
  const { width, height } = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: Math.sqrt(PIXELS / (width * height)) });
  const { canvas, context } = new Canvases().create(Math.round(viewport.width), Math.round(viewport.height));
  // "print": whatever is shown waits for no screen, of which a worker has none.
  const canvasContext = context as unknown as CanvasRenderingContext2D;
  await page.render({ canvas: null, canvasContext, viewport, intent: "print", background: "white" }).promise;
  page.cleanup();
  return canvas.convertToBlob({ type: "image/png" });
}

const fileAt = async (url: string) => new Uint8Array(await bytesAt(url));

/** What the letters of fonts are that name only a map of their own: all in one archive, fetched when the first is asked for. */
const letterMaps = (url: string) =>
  class {
    async fetch({ name }: { name: string }) {
      archive ??= fileAt(url);
      archive.catch(() => {
        archive = undefined;
      });
      const file = `${name}.bcmap`;
      const cMapData = unzipSync(await archive, { filter: (each) => each.name === file })[file];
      if (!cMapData) throw new Error(`no map ${name}`);
      return { cMapData, isCompressed: true };
    }
  };
let archive: Promise<Uint8Array<ArrayBuffer>> | undefined;

const decoders = (folder: string) =>
  class {
    fetch({ filename }: { filename: string }) {
      return fileAt(folder + filename);
    }
  };

interface Canvas {
  canvas: OffscreenCanvas;
  context: OffscreenCanvasRenderingContext2D;
}

class Canvases {
  create(width: number, height: number): Canvas {
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new AlcoveError("out-of-memory", "There is not enough memory to draw this page.");
    return { canvas, context };
  }

  reset({ canvas }: Canvas, width: number, height: number): void {
    Object.assign(canvas, { width, height });
  }

  destroy({ canvas }: Canvas): void {
    Object.assign(canvas, { width: 0, height: 0 });
  }
}

/** Filters of SVG, which only a page has; what is written is seen without them. */
class NoFilters {
  addFilter = () => "none";
  addHCMFilter = () => "none";
  addAlphaFilter = () => "none";
  addLuminosityFilter = () => "none";
  addKnockoutFilter = () => "none";
  addHighlightHCMFilter = () => "none";
  destroy(): void {}
}
