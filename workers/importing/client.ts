/** The page's side of the worker that reads files of conversations. One for each file. */
import { workerUrls } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { WorkerLink } from "../wire/link.ts";
import type { Found, ImportingProtocol } from "./protocol.ts";

/** To read one large conversation may take a slow device long. */
const HANG_MS = 60_000;

/** What is read of a file, bit by bit. */
export interface FileReading {
  open(file: Blob): Promise<void>;
  /** Null at the end. */
  next(): Promise<Found[] | null>;
  close(): void;
}

export class ImportClient implements FileReading {
  readonly #link: WorkerLink<ImportingProtocol>;

  /** @param base absolute URL of the root of the built site */
  constructor(base: string) {
    this.#link = new WorkerLink(new URL(workerUrls().importing, base), {
      title: "The import",
      hangMs: HANG_MS,
      onDeath: () => undefined,
    });
  }

  open(file: Blob): Promise<void> {
    return this.#link.rpc.call("open", { file });
  }

  /** @throws AlcoveError `bad-request` for a file of another kind, or one that is damaged; `engine-crashed` */
  next(): Promise<Found[] | null> {
    return this.#link.rpc.call("next", {}, { timeoutMs: 0 });
  }

  close(): void {
    this.#link.end(new AlcoveError("cancelled", "Stopped."));
  }
}
