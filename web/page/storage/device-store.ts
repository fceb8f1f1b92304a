/** What lies on this device, what moves, and what is being done with it: the state behind the Storage tab. */
import type {
  Alcove,
  Download,
  ImportReport,
  LoadProgress,
  ModelEntry,
  StorageItem,
  StorageReport,
} from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import type { Moving } from "../kit/models/row.ts";
import { saveFiles } from "../kit/save.ts";
import { TabStore } from "../state/tab-store.ts";
import { shortage } from "./words.ts";

/** Key of an import under way, or of what went wrong with it. */
export const ADDED = "added files";
/** Of an import of conversations. */
export const BROUGHT = "conversations";

/** What a check or an import is given. */
interface Work {
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
}

/** Emits `change` after every change. It outlives the tab: a check or an import goes on while another one is open. */
export class DeviceStore extends TabStore {
  /** Null until it was measured. */
  report: StorageReport | null = null;
  /** All models; null until the list was read. */
  entries: readonly ModelEntry[] | null = null;
  downloads: readonly Download[] = [];
  /** Models that could go where room is short, the least recently used first. */
  suggested: readonly ModelEntry[] = [];
  /** What lies here could not be read. */
  failure: Failure | null = null;
  /** Checks and imports under way, by model. */
  readonly moving = new Map<string, Moving>();
  /** Models that were found whole by the last check. */
  readonly sound = new Set<string>();
  /** The browser was asked to keep everything, and would not promise. */
  refused = false;
  /** Conversations are being packed for Amplifier's command line. */
  packing = false;
  /** Files of conversations are being read. */
  importing = false;
  /** What became of the last ones, as far as they could be read. */
  imported: ImportReport | null = null;
  #again = false;
  #reading = false;

  /** Reads everything, and follows what changes until `signal` ends that; what is under way goes on. */
  async watch(signal: AbortSignal): Promise<void> {
    const read = () => void this.refresh();
    document.addEventListener("visibilitychange", () => document.hidden || read(), { signal });
    try {
      const { models } = await this.alcove;
      if (signal.aborted) return;
      models.addEventListener("change", read, { signal });
      models.addEventListener("downloads", () => this.#follow(models.downloads), { signal });
      this.#follow(models.downloads);
    } catch {
      // Whoever reads says what failed.
    }
    await this.refresh();
  }

  #follow(downloads: readonly Download[]): void {
    const states = (all: readonly Download[]) => all.map(({ id, state }) => `${id} ${state}`).join();
    const before = states(this.downloads);
    this.downloads = downloads.filter(({ state }) => state !== "done");
    this.tell();
    // What came or ended lies elsewhere now.
    if (states(this.downloads) !== before) void this.refresh();
  }

  /** Measures and reads everything anew; asked while it reads, it reads once more. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#reading) return;
    this.#reading = true;
    while (this.#again) {
      this.#again = false;
      await this.#read();
      this.tell();
    }
    this.#reading = false;
  }

  async #read(): Promise<void> {
    try {
      const { models, storage } = await this.alcove;
      const [report, entries] = await Promise.all([storage.report(), models.list()]);
      this.report = report;
      this.entries = entries;
      const wanting = shortage(report.usage, report.quota);
      this.suggested = wanting ? await models.suggestRemoval(wanting) : [];
      this.failure = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  async persist(): Promise<void> {
    await this.attempt("persist", async ({ storage }) => {
      this.refused = !(await storage.persist());
    });
    await this.refresh();
  }

  async pause(id: string): Promise<void> {
    await this.attempt(id, ({ models }) => models.pause(id));
  }

  /**
   * Goes on; what fails is told by the download itself.
   * @param acceptChanged takes another file than the one that came first
   */
  async resume(id: string, acceptChanged = false): Promise<void> {
    await this.attempt(id, ({ models }) =>
      models.download(id, { acceptChanged }).catch((thrown) => {
        // Of a model that no list names any more no download tells.
        if (toFailure(thrown).code === "model-not-found") throw thrown;
      }),
    );
  }

  /** Whether a model can be downloaded: the person's own cannot. */
  comesAgain(id: string): boolean {
    const entry = this.entries?.find((each) => each.id === id);
    return entry !== undefined && entry.verified !== "own";
  }

  /** Whether a download failed because its file is another one than before, and nobody says which is right. */
  changed({ id, state, error }: Download): boolean {
    const entry = this.entries?.find((each) => each.id === id);
    return state === "failed" && error?.code === "integrity" && entry?.verified !== "published";
  }

  async cancel(id: string): Promise<void> {
    await this.attempt(id, ({ models }) => models.cancel(id));
  }

  async pin(id: string, on: boolean): Promise<void> {
    await this.attempt(id, ({ models }) => models.pin(id, on));
    await this.refresh();
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await this.attempt(id, ({ models }) => models.remove(id));
    await this.refresh();
  }

  /** Files of models that are not here as a whole, nor on their way: damaged, left over, or of no model in the list. */
  get lost(): StorageItem[] {
    const whole = new Set(this.entries?.filter(({ cached }) => cached).map(({ id }) => id));
    return this.#resting("models").filter(({ model = "" }) => !whole.has(model));
  }

  /** What came of downloads that nobody waits for. */
  get halves(): StorageItem[] {
    return this.#resting("halves");
  }

  #resting(kind: "models" | "halves"): StorageItem[] {
    const coming = new Set(this.downloads.map(({ id }) => id));
    return (this.report?.kinds[kind].items ?? []).filter(({ model = "" }) => !coming.has(model));
  }

  async removeItem(kind: "models" | "halves" | "keptPrompts", id?: string): Promise<void> {
    await this.attempt(id ?? kind, ({ storage }) => storage.remove(kind, id));
    await this.refresh();
  }

  /** Hands the model's files over to the person. */
  async exportFiles(id: string): Promise<void> {
    await this.attempt(id, async ({ models }) => saveFiles(await models.exportFiles(id)));
  }

  /** Reads every byte of a model again. */
  verify(id: string): Promise<void> {
    this.sound.delete(id);
    return this.#move(id, async ({ models }, work) => {
      await models.verify(id, work);
      this.sound.add(id);
    });
  }

  /** Makes files of the person's a model: one, its projector too, or all parts of a split one. */
  add(files: readonly File[]): Promise<void> {
    return this.#move(ADDED, async ({ models }, work) => {
      await models.importFile([...files], work);
    });
  }

  /**
   * Adds the conversations of files.
   * @returns the id of the one to show: the first that came, where nothing was refused
   */
  async bring(files: readonly File[]): Promise<string | undefined> {
    if (this.importing) return undefined;
    this.importing = true;
    this.imported = null;
    this.tell();
    const report: ImportReport = { added: [], skipped: [], refused: [] };
    await this.attempt(BROUGHT, async ({ conversations }) => {
      for (const file of files) {
        const { added, skipped, refused } = await conversations.import(file);
        report.added.push(...added);
        report.skipped.push(...skipped);
        report.refused.push(...refused);
        this.imported = report;
      }
    });
    this.importing = false;
    await this.refresh();
    const isWhole = !report.refused.length && !this.failures.has(BROUGHT);
    return isWhole ? report.added[0] : undefined;
  }

  /** Hands all conversations over to the person, as Amplifier's command line keeps them. */
  async pack(): Promise<void> {
    this.packing = true;
    this.tell();
    await this.attempt(BROUGHT, async ({ home }) =>
      saveFiles([new File([await home.export()], "amplifier.zip")]),
    );
    this.packing = false;
    this.tell();
  }

  /** Ends a check or an import. */
  stop(key: string): void {
    this.moving.get(key)?.controller.abort();
  }

  async #move(key: string, work: (alcove: Alcove, options: Work) => Promise<void>): Promise<void> {
    if (this.moving.has(key)) return;
    const controller = new AbortController();
    const tell = (progress: LoadProgress | null) => {
      this.moving.set(key, { progress, controller });
      this.tell();
    };
    tell(null);
    const onProgress = (progress: LoadProgress) => {
      if (this.moving.has(key)) tell(progress);
    };
    await this.attempt(key, (alcove) => work(alcove, { onProgress, signal: controller.signal }));
    this.moving.delete(key);
    await this.refresh();
  }
}
