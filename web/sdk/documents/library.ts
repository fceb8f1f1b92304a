/** What `alcove.documents` does: asks the worker that keeps documents, and has read and understood what it lacks. */
import { DocumentsClient } from "../../../workers/documents/client.ts";
import type { Unread } from "../../../workers/documents/protocol.ts";
import { DOCUMENTS_CHANNEL, type DocumentNews } from "../../../workers/files/document-files.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Ask } from "./ask.ts";
import type {
  AddedDocument,
  AddOptions,
  DocumentEntry,
  DocumentFile,
  DocumentHit,
  OpenedDocument,
  SearchOptions,
} from "./document.ts";
import { type Embed, Meaning } from "./meaning.ts";
import { pictures, type ReadPicture } from "./pictures.ts";
import { Reading } from "./reading.ts";

export interface LibraryParts {
  /** Absolute URL of the root of the built site. */
  base: string;
  embed: Embed;
  read: ReadPicture;
  /** Whether somebody waits for an answer, which what goes on in the background must not slow. */
  busy: () => boolean;
}

const TOP = 8;

/** Where the tab that ran the worker is gone, it is asked again: all but what would then be there twice. */
const ONCE = "put";
const MOST_TRIES = 3;

export class Library {
  readonly #base: string;
  readonly #changed: () => void;
  readonly #tabs = new BroadcastChannel(DOCUMENTS_CHANNEL);
  readonly #closing = new AbortController();
  readonly #reading: Reading;
  readonly #meaning: Meaning;
  #client: DocumentsClient | undefined;

  constructor({ base, embed, read, busy }: LibraryParts, changed: () => void) {
    this.#base = base;
    this.#changed = changed;
    this.#reading = new Reading(this.#ask, base, pictures(read, busy), this.#tell, this.#closing.signal);
    this.#meaning = new Meaning(this.#ask, embed, busy, this.#tell, this.#closing.signal);
    this.#tabs.addEventListener("message", ({ data }: MessageEvent<DocumentNews>) => {
      changed();
      if (data !== "changed") return;
      // Should the tab that reads it be closed, this one goes on.
      this.#goOn();
    });
    this.#goOn();
  }

  async add(file: DocumentFile, options: AddOptions): Promise<AddedDocument> {
    const { onProgress, signal, collection } = options;
    const name = file.webkitRelativePath || file.name || "Untitled";
    const args = { file, name, ...(collection === undefined ? {} : { collection }) };
    onProgress?.({ stage: "waiting", done: 0, total: 0 });
    const { id, outcome, unread } = await this.#ask("begin", args, { signal });
    // Its turn is asked for before other tabs hear of it, which would read it as well.
    const mine = outcome !== "already";
    const reading = unread && this.#reading.read(unread, options, mine ? "whole" : "wait");
    this.#tell();
    await reading;
    this.#meaning.goOn();
    const entry = (await this.list()).find((each) => each.id === id);
    if (!entry) throw new AlcoveError("cancelled", `“${name}” was removed while it was read.`);
    // Given up by the store, after it ended its readers.
    if (unread && entry.state === "failed" && entry.problem) throw AlcoveError.from(entry.problem);
    return { ...entry, outcome };
  }

  list(): Promise<DocumentEntry[]> {
    return this.#ask("list", {});
  }

  text(id: string): Promise<OpenedDocument> {
    return this.#ask("text", { id });
  }

  async remove(id: string): Promise<void> {
    await this.#ask("remove", { id });
    this.#tell();
  }

  async collect(id: string, collections: string[]): Promise<void> {
    await this.#ask("collect", { id, collections });
    this.#tell();
  }

  async search(query: string, { top = TOP, signal, ...within }: SearchOptions): Promise<DocumentHit[]> {
    const vector = await this.#meaning.of(query, signal);
    return this.#ask("search", { query, top, ...within, ...(vector ? { vector } : {}) }, { signal });
  }

  close(): void {
    const closed = new AlcoveError("cancelled", "Alcove was closed.");
    this.#closing.abort();
    this.#tabs.close();
    this.#client?.leave(closed);
  }

  readonly #ask: Ask = async (op, args, options) => {
    for (let tries = 1; ; tries++) {
      if (this.#closing.signal.aborted) throw new AlcoveError("cancelled", "Alcove was closed.");
      this.#client ??= this.#find();
      try {
        return await this.#client.call(op, args, options);
      } catch (thrown) {
        const moved = thrown instanceof AlcoveError && thrown.code === "engine-crashed";
        if (!moved || op === ONCE || tries === MOST_TRIES) throw thrown;
      }
    }
  };

  #find(): DocumentsClient {
    const client = new DocumentsClient(this.#base, () => {
      if (this.#client === client) this.#client = undefined;
    });
    return client;
  }

  readonly #tell = (): void => {
    if (this.#closing.signal.aborted) return;
    this.#tabs.postMessage("changed" satisfies DocumentNews);
    this.#changed();
  };

  /** Takes up what lies unread or is not understood: of a tab that was closed, or one that still works on it. */
  #goOn(): void {
    const unread = async () =>
      (await this.#ask("unread", {})).map((each: Unread) => this.#reading.goOn(each));
    void unread().catch(() => undefined);
    this.#meaning.goOn();
  }
}
