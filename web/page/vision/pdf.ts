/** Pages of a PDF as pictures, by pdf.js: fetched when the first PDF is opened. */
import {
  GlobalWorkerOptions,
  getDocument,
  type PDFDocumentLoadingTask,
  type PDFDocumentProxy,
} from "pdfjs-dist";
import { BUILD, workerUrls } from "../../../workers/build.ts";
import { AlcoveError } from "../../sdk/index.ts";
import { checkSize, MAX_SIDE, newCanvas, type Still } from "./still.ts";
import { w } from "./words.ts";

/** Our scripts lie one folder below the site's root. */
const onSite = (path: string): string => new URL(`../${path}`, import.meta.url).href;
GlobalWorkerOptions.workerSrc = onSite(workerUrls().pdf);

/** Opening a document takes no longer, unless it is broken in a new way. */
const OPEN_MS = 60_000;
const RENDER_MS = 60_000;

export class Pdf {
  readonly name: string;
  readonly #document: PDFDocumentProxy;
  readonly #task: PDFDocumentLoadingTask;

  private constructor(name: string, task: PDFDocumentLoadingTask, opened: PDFDocumentProxy) {
    this.name = name;
    this.#task = task;
    this.#document = opened;
  }

  /** @throws AlcoveError `bad-request` for a file that is damaged, locked, no PDF at all, or too large */
  static async open(file: File): Promise<Pdf> {
    checkSize(file);
    const data = new Uint8Array(await file.arrayBuffer());
    const task = getDocument({ data, isEvalSupported: false, wasmUrl: onSite(BUILD.pdfDecoders) });
    try {
      return new Pdf(file.name, task, await inTime(task.promise, OPEN_MS));
    } catch (thrown) {
      void task.destroy().catch(() => undefined);
      throw explain(file.name, thrown);
    }
  }

  get pages(): number {
    return this.#document.numPages;
  }

  /**
   * Page `number`, from 1, on white.
   * @throws AlcoveError `bad-request` when it cannot be drawn
   */
  async page(number: number): Promise<Still> {
    try {
      const page = await inTime(this.#document.getPage(number), OPEN_MS);
      const whole = page.getViewport({ scale: 1 });
      // Drawn at the size that is shown, not scaled down from it: small print stays sharp.
      const viewport = page.getViewport({ scale: MAX_SIDE / Math.max(whole.width, whole.height) });
      const [canvas] = newCanvas(viewport.width, viewport.height);
      const work = page.render({ canvas, viewport });
      await inTime(work.promise, RENDER_MS).catch((thrown: unknown) => {
        work.cancel();
        throw thrown;
      });
      page.cleanup();
      return { canvas, whole: canvas, name: `${this.name}, page ${number}` };
    } catch (thrown) {
      throw explain(this.name, thrown);
    }
  }

  /** Frees the document and its worker. */
  close(): void {
    void this.#task.destroy().catch(() => undefined);
  }
}

function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AlcoveError("timeout", w.late)), ms);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function explain(name: string, thrown: unknown): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  const detail = String(thrown);
  // pdf.js tells its exceptions apart by name.
  const kind = thrown instanceof Error ? thrown.name : "";
  if (kind === "PasswordException") {
    return new AlcoveError("bad-request", w.locked({ name }), {
      action: w.lockedAction,
      detail,
    });
  }
  return new AlcoveError("bad-request", w.noPdf({ name }), {
    action: w.noPdfAction,
    detail,
  });
}
