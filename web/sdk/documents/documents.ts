/** The person's documents on this device: kept, cut into passages, and found by words and by meaning. */
import type {
  AddedDocument,
  AddOptions,
  DocumentEntry,
  DocumentFile,
  DocumentHit,
  OpenedDocument,
  SearchOptions,
} from "./document.ts";
import type { Library } from "./library.ts";

/** Emits `change` when the list or an entry of it has changed, in any tab. */
export class Documents extends EventTarget {
  readonly #bring: (changed: () => void) => Promise<Library>;
  #library: Promise<Library> | undefined;

  readonly #base: string;

  /**
   * @param base absolute URL of the root of the built site
   * @param bring what does all of it: fetched when first asked for
   */
  constructor(base: string, bring: (changed: () => void) => Promise<Library>) {
    super();
    this.#base = base;
    this.#bring = bring;
  }

  /**
   * The text of a file, which is not kept: of text and code as it is, of others what their reader finds, with what could
   * not be read in words.
   * @throws AlcoveError `bad-request` for what cannot be read; `cancelled`, `timeout`, `engine-crashed`
   */
  async read(
    file: Blob & { name?: string },
    { signal }: { signal?: AbortSignal } = {},
  ): Promise<{ text: string; notes: string[] }> {
    return (await import("./text-of.ts")).textOf(file, this.#base, signal);
  }

  /**
   * Reads a file and keeps its text. Resolves when it can be searched by its words; by its meaning soon after. The same
   * bytes are kept once; a file of the same name takes the earlier one's place, and its id. The name of a file out of a folder
   * is its path there.
   * @throws AlcoveError `bad-request` for what cannot be read: empty, damaged, locked, of no kind that is known;
   *   `quota`, `cancelled`, `timeout`, `engine-crashed`
   */
  async add(file: DocumentFile, options: AddOptions = {}): Promise<AddedDocument> {
    return (await this.#open()).add(file, options);
  }

  /** The newest first. */
  async list(): Promise<DocumentEntry[]> {
    return (await this.#open()).list();
  }

  /** A document's text. @throws AlcoveError `bad-request` for one that is not there */
  async open(id: string): Promise<OpenedDocument> {
    return (await this.#open()).text(id);
  }

  /** Deletes a document and all that was made of it; one that is being read is stopped. */
  async remove(id: string): Promise<void> {
    return (await this.#open()).remove(id);
  }

  /** Sets the names of the collections that a document is in. @throws AlcoveError `bad-request` for one not there */
  async collect(id: string, collections: string[]): Promise<void> {
    return (await this.#open()).collect(id, collections);
  }

  /** The passages that answer `query` best, the best first; none where nothing has one of its words or is near it. */
  async search(query: string, options: SearchOptions = {}): Promise<DocumentHit[]> {
    return (await this.#open()).search(query, options);
  }

  /** Lets go of it; what is being read goes on the next time, or in another tab. */
  close(): void {
    void this.#library?.then((library) => library.close()).catch(() => undefined);
  }

  #open(): Promise<Library> {
    this.#library ??= this.#bring(() => this.dispatchEvent(new Event("change"))).catch((thrown) => {
      this.#library = undefined;
      throw thrown;
    });
    return this.#library;
  }
}
