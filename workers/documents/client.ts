/** The outside of the workers of documents: of the one that keeps them, wherever it runs, and of a tab's own reader. */
import { BUILD, workerUrls } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import type { CallOptions } from "../wire/rpc.ts";
import { type Ending, SharedLink } from "../wire/shared-link.ts";
import type { DocumentsProtocol, ParseArgs, Parsed, ParserProtocol } from "./protocol.ts";

export { decode } from "./parsers/decode.ts";
export { typeOf } from "./type-of.ts";

/** A large file's last page and the room that is given back may take long. */
const HANG_MS = 60_000;
/** So long none of its answers takes, on the slowest machine. */
const IDLE_MS = 180_000;
/** One page that takes longer is broken. */
const PAGE_MS = 120_000;

type Op = keyof DocumentsProtocol & string;

export class DocumentsClient {
  readonly #link: SharedLink<DocumentsProtocol>;
  readonly #wasm: string;
  #open: Promise<unknown> | undefined;

  /**
   * Finds the worker that keeps documents, or starts it.
   * @param base absolute URL of the root of the built site
   */
  constructor(base: string, onEnd: (error: AlcoveError, ending: Ending) => void) {
    const door = ["alcove-documents", base, BUILD.id].join(" ");
    const options = { title: "What keeps your documents", hangMs: HANG_MS, door, onEnd };
    this.#link = new SharedLink(new URL(workerUrls().documents, base), options);
    this.#wasm = new URL(BUILD.sqlite, base).href;
    this.#begin().catch(() => undefined);
  }

  /** @throws AlcoveError `quota`, `busy`, `bad-request`, `integrity`, `cancelled`, `engine-crashed`, `timeout` */
  async call<O extends Op>(
    op: O,
    args: DocumentsProtocol[O]["args"],
    options?: CallOptions<DocumentsProtocol[O]["item"]>,
  ): Promise<DocumentsProtocol[O]["reply"]> {
    await this.#begin();
    return this.#link.rpc.call(op, args, { timeoutMs: IDLE_MS, ...options });
  }

  /** Opened once; where that fails (another tab holds it, a lost network) the next call tries again. */
  #begin(): Promise<unknown> {
    this.#open ??= this.#link.rpc.call("open", { wasm: this.#wasm }).catch((thrown) => {
      this.#open = undefined;
      throw thrown;
    });
    return this.#open;
  }

  leave(error: AlcoveError): void {
    this.#link.leave(error);
  }
}

/**
 * Reads a file in a worker of its own, which ends with it: what the file took is free again, and one that stops its
 * reader stops nothing else.
 * @throws AlcoveError `bad-request` for what cannot be read, `timeout`, `cancelled`, `engine-crashed`
 */
export async function parse(
  asked: Omit<ParseArgs, "pdf">,
  base: string,
  onParsed: (parsed: Parsed) => void,
  signal: AbortSignal,
): Promise<{ pages: number; notes: string[] }> {
  const link = new WorkerLink<ParserProtocol>(new URL(workerUrls().parser, base), {
    title: "What reads documents",
    hangMs: PAGE_MS,
    onDeath: () => undefined,
  });
  const at = (path: string) => new URL(path, base).href;
  const pdf = { worker: at(workerUrls().pdf), decoders: at(BUILD.pdfDecoders) };
  try {
    return await link.rpc.call("parse", { ...asked, pdf }, { signal, timeoutMs: PAGE_MS, onItem: onParsed });
  } finally {
    link.end(new AlcoveError("cancelled", "Stopped."));
  }
}
