/** The documents of this device as the tab shows them: which there are, what is being added, and what failed. */
import type { AddProgress, Alcove, DocumentEntry } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";

/** A file that is on its way in. */
export interface Coming {
  name: string;
  progress: AddProgress | null;
  stop(): void;
}

export interface Refused {
  name: string;
  failure: Failure;
}

/** Files that are read at once; the others wait. */
const AT_ONCE = 2;

/** Emits `change` whenever something that is drawn has changed. */
export class Shelf extends EventTarget {
  readonly #alcove: Promise<Alcove>;
  /** Null until they are known. */
  entries: readonly DocumentEntry[] | null = null;
  failure: Failure | null = null;
  coming: readonly Coming[] = [];
  refused: readonly Refused[] = [];
  /** Files that are here already, of the last ones that were added. */
  already = 0;
  readonly #waiting: { file: File; coming: Coming; signal: AbortSignal }[] = [];
  #running = 0;

  constructor(alcove: Promise<Alcove>) {
    super();
    this.#alcove = alcove;
  }

  /** Follows what happens to them, also in other tabs, until `signal` aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const { documents } = await this.#alcove;
    if (signal.aborted) return;
    documents.addEventListener("change", () => void this.refresh(), { signal });
    await this.refresh();
  }

  async refresh(): Promise<void> {
    try {
      this.entries = await (await this.#alcove).documents.list();
      this.failure = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.#changed();
  }

  add(files: readonly File[]): void {
    this.already = 0;
    for (const file of files) {
      const stopped = new AbortController();
      const coming: Coming = { name: file.name, progress: null, stop: () => stopped.abort() };
      stopped.signal.addEventListener("abort", () => this.#gone(coming), { once: true });
      this.coming = [...this.coming, coming];
      this.#waiting.push({ file, coming, signal: stopped.signal });
    }
    this.#changed();
    for (let free = AT_ONCE - this.#running; free > 0; free--) void this.#work();
  }

  stopAll(): void {
    for (const { stop } of this.coming) stop();
  }

  /** Puts away what was said of files that could not be read. */
  dismiss(): void {
    this.refused = [];
    this.already = 0;
    this.#changed();
  }

  /** @throws AlcoveError what keeps it from being deleted */
  async remove(id: string): Promise<void> {
    try {
      await (await this.#alcove).documents.remove(id);
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    await this.refresh();
  }

  async #work(): Promise<void> {
    this.#running += 1;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { file, coming, signal } = next;
      if (signal.aborted) continue;
      try {
        const onProgress = (progress: AddProgress) => {
          coming.progress = progress;
          this.#changed();
        };
        const added = await (await this.#alcove).documents.add(file, { onProgress, signal });
        if (added.outcome === "already") this.already += 1;
      } catch (thrown) {
        const failure = toFailure(thrown);
        if (failure.code !== "cancelled") this.refused = [...this.refused, { name: file.name, failure }];
      }
      this.#gone(coming);
    }
    this.#running -= 1;
  }

  #gone(coming: Coming): void {
    this.coming = this.coming.filter((each) => each !== coming);
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
