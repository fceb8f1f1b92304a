/** Has files read, one at a time in all tabs, each to its end: also one that another tab left half read. */
import { type ParseParts, parse } from "../../../workers/documents/client.ts";
import type { Parsed, Unread } from "../../../workers/documents/protocol.ts";
import { exclusively } from "../../../workers/files/locks.ts";
import { toAlcoveError } from "../../../workers/wire/errors.ts";
import type { Ask } from "./ask.ts";
import type { AddOptions } from "./document.ts";

const LOCK = "documents-reading";

/** Worker or reader may be gone so often while a file is read; the store counts too, over all tabs. */
const MOST_TRIES = 4;

export class Reading {
  readonly #ask: Ask;
  readonly #base: string;
  readonly #read: Required<ParseParts>["read"];
  readonly #tell: () => void;
  readonly #closing: AbortSignal;
  /** Of what is read here, or waits for its turn. */
  readonly #keys = new Set<number>();

  constructor(
    ask: Ask,
    base: string,
    read: Required<ParseParts>["read"],
    tell: () => void,
    closing: AbortSignal,
  ) {
    this.#ask = ask;
    this.#base = base;
    this.#read = read;
    this.#tell = tell;
    this.#closing = closing;
  }

  /** Reads what nobody here waits for; what becomes of it is told by the list. */
  goOn(unread: Unread): void {
    if (this.#keys.has(unread.key)) return;
    this.read(unread, {}, "listed").catch(() => undefined);
  }

  /**
   * Resolves when all of it is read, by whichever tab.
   * @param why "whole": whoever stops waiting wants none of it; "wait": somebody else has it read, and goes on when this
   *   caller stops; "listed": nobody waits, and a file of which nothing can be read stays in the list
   * @throws AlcoveError as `Documents.add`
   */
  async read(
    unread: Unread,
    { onProgress, signal }: AddOptions,
    why: "whole" | "wait" | "listed" = "whole",
  ): Promise<void> {
    const { key } = unread;
    const stop = signal ? AbortSignal.any([signal, this.#closing]) : this.#closing;
    this.#keys.add(key);
    try {
      for (let tries = 1; ; tries++) {
        try {
          await exclusively(LOCK, stop, () => this.#once(unread, onProgress, stop));
          this.#tell();
          return;
        } catch (thrown) {
          const error = toAlcoveError(thrown);
          if (this.#closing.aborted) throw error;
          if (error.code === "engine-crashed" && tries < MOST_TRIES) continue;
          if (why === "wait" && error.code === "cancelled") throw error;
          const stays = why === "listed" || (error.code !== "cancelled" && unread.sections > 0);
          await this.#ask("fail", { key, problem: error.toData(), keep: stays });
          // Where not even that can be kept nobody is told: other tabs would try it all again, and this one then.
          this.#tell();
          throw error;
        }
      }
    } finally {
      this.#keys.delete(key);
    }
  }

  async #once(unread: Unread, onProgress: AddOptions["onProgress"], signal: AbortSignal): Promise<void> {
    const { key, name, type } = unread;
    const taken = await this.#ask("take", { key });
    if (!taken) return;
    const keep = async ({ sections, done, total }: Parsed) => {
      const wanted = await this.#ask("put", { key, sections });
      unread.sections += sections.length;
      if (wanted) onProgress?.({ stage: "reading", done, total });
      return wanted;
    };
    const asked = { file: taken.file, name, type, known: taken.known };
    const read = await parse(asked, this.#base, { keep, read: this.#read }, signal);
    if (read) await this.#ask("finish", { key, ...read });
  }
}
