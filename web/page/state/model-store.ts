/** The models that can be had, and what moves: downloads go on while the dialog is closed. */
import type { Alcove, LoadProgress, ModelEntry } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import type { Models } from "../kit/models/list.ts";
import type { Moving } from "../kit/models/row.ts";

/** Key of what is under way or went wrong with a file that the person adds. */
export const ADDED = "added file";

/** Emits `change` after every change. */
export class ModelStore extends EventTarget implements Models {
  readonly #alcove: Promise<Alcove>;
  /** Null until the list was read. */
  entries: readonly ModelEntry[] | null = null;
  /** The model of new conversations; null lets Alcove choose. */
  preferred: string | null = null;
  /** Downloads under way, by model. */
  readonly moving = new Map<string, Moving>();
  /** The list could not be read. */
  failure: Failure | null = null;
  /** What went wrong last, by model. */
  readonly failures = new Map<string, Failure>();

  constructor(alcove: Promise<Alcove>) {
    super();
    this.#alcove = alcove;
  }

  /** Reads the list anew. */
  async refresh(): Promise<void> {
    try {
      const alcove = await this.#alcove;
      [this.entries, this.preferred] = await Promise.all([alcove.models.list(), alcove.preference.get()]);
      this.failure = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    this.#changed();
  }

  async prefer(model: string | null): Promise<void> {
    await (await this.#alcove).preference.set(model);
    this.preferred = model;
    this.#changed();
  }

  /** Downloads a model; what came before a cancel is kept for the next try. */
  download(id: string): Promise<void> {
    return this.#move(id, (alcove, options) => alcove.models.download(id, options));
  }

  /** Makes a GGUF of the person's a model of the list: a file, all parts of a split one, a projector among them. */
  add(files: readonly File[]): Promise<void> {
    return this.#move(ADDED, async (alcove, options) => {
      await alcove.models.importFile(files, options);
    });
  }

  cancel(key: string): void {
    this.moving.get(key)?.controller.abort();
  }

  /** Deletes a model's files from this device. */
  async remove(id: string): Promise<void> {
    this.failures.delete(id);
    try {
      await (await this.#alcove).models.remove(id);
    } catch (thrown) {
      this.failures.set(id, toFailure(thrown));
    }
    await this.refresh();
  }

  async #move(
    key: string,
    work: (
      alcove: Alcove,
      options: { onProgress: (progress: LoadProgress) => void; signal: AbortSignal },
    ) => Promise<void>,
  ): Promise<void> {
    if (this.moving.has(key)) return;
    const controller = new AbortController();
    const { signal } = controller;
    this.failures.delete(key);
    this.moving.set(key, { progress: null, controller });
    this.#changed();
    const onProgress = (progress: LoadProgress) => {
      if (!this.moving.has(key)) return;
      this.moving.set(key, { progress, controller });
      this.#changed();
    };
    try {
      await work(await this.#alcove, { onProgress, signal });
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== "cancelled") this.failures.set(key, failure);
    } finally {
      this.moving.delete(key);
      this.#changed();
    }
    await this.refresh();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
