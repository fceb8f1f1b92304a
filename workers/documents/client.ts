/** The outside of the workers of documents: of the one that keeps them, wherever it runs, and of a tab's own reader. */
import { BUILD, workerUrls } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import type { CallOptions } from "../wire/rpc.ts";
import { type Ending, SharedLink } from "../wire/shared-link.ts";
import { listedPages } from "./listed-pages.ts";
import type { DocumentsProtocol, ParseArgs, Parsed, ParserProtocol, Section } from "./protocol.ts";

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

/** What becomes of what is read. */
export interface ParseParts {
  /** Kept in the order in which it comes; false where nobody wants it any more, which ends the reading. */
  keep: (parsed: Parsed) => Promise<boolean>;
  /** What is written in a picture of a page without text; undefined where that cannot be read. Left out, none is drawn. */
  read?: (picture: Blob, signal: AbortSignal) => Promise<string | undefined>;
}

/**
 * Reads a file in a worker of its own, which ends with it: what the file took is free again, and one that stops its
 * reader stops nothing else. Resolves when all of it is kept; null where nobody wants it any more.
 * @throws AlcoveError `bad-request` for what cannot be read, `timeout`, `cancelled`, `engine-crashed`, and what `keep` fails with
 */
export async function parse(
  asked: Omit<ParseArgs, "pdf">,
  base: string,
  { keep, read }: ParseParts,
  signal: AbortSignal,
): Promise<{ pages: number; notes: string[] } | null> {
  const link = new WorkerLink<ParserProtocol>(new URL(workerUrls().parser, base), {
    title: "What reads documents",
    hangMs: PAGE_MS,
    onDeath: () => undefined,
  });
  const at = (path: string) => new URL(path, base).href;
  const pdf = { worker: at(workerUrls().pdf), decoders: at(BUILD.pdfDecoders), maps: at(BUILD.pdfMaps) };
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const unread: number[] = [];
  let unwanted = false;
  /** One page after the other: a picture is drawn when the one before is read. */
  const seen = async (section: Section): Promise<Section> => {
    const { picture, ...rest } = section;
    if (!picture) return rest;
    const drawn =
      read &&
      (await link.rpc
        .call("picture", { page: rest.page }, { signal: both, timeoutMs: PAGE_MS })
        .catch(() => undefined));
    const text = drawn && (await read(drawn, both));
    if (!text) unread.push(rest.page);
    return { ...rest, text: text ?? "" };
  };
  let failed: unknown;
  let kept = Promise.resolve();
  const onItem = ({ sections, ...rest }: Parsed) => {
    kept = kept.then(async () => {
      if (both.aborted) return;
      const whole = [];
      for (const section of sections) whole.push(await seen(section));
      if (both.aborted) return;
      unwanted = !(await keep({ sections: whole, ...rest }));
      if (unwanted) stop.abort();
    });
    kept.catch((thrown) => {
      failed ??= thrown;
      stop.abort();
    });
  };
  try {
    const args = { ...asked, pdf };
    const { pages, notes } = await link.rpc.call("parse", args, { signal: both, timeoutMs: PAGE_MS, onItem });
    await kept;
    if (unwanted) return null;
    signal.throwIfAborted();
    const pictures =
      unread.length > 0
        ? [`${listedPages(unread)} ${unread.length > 1 ? "have" : "has"} no text that could be read.`]
        : [];
    return { pages, notes: [...pictures, ...notes] };
  } catch (thrown) {
    // Whoever goes on counts what is kept: nothing may come after.
    stop.abort();
    await kept.catch(() => undefined);
    if (unwanted) return null;
    throw failed ?? thrown;
  } finally {
    link.end(new AlcoveError("cancelled", "Stopped."));
  }
}
