/** The models that can be had, which of them this device can run, and which it holds. */
import { BUILD } from "../../../workers/build.ts";
import type {
  AnyModel,
  EngineName,
  LlamaCppModel,
  LoadProgress,
  ModelSpec,
  ReaderModel,
  VoiceModel,
} from "../../../workers/engine/contract.ts";
import { makesEmbeddings } from "../../../workers/engine/embedding.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Roster } from "../engines/roster.ts";
import { askToPersist } from "../store/persist.ts";
import type { Settings } from "../store/settings.ts";
import type { Download } from "./download.ts";
import type { Downloads } from "./downloads.ts";
import { entryOf, type ModelEntry } from "./entry.ts";
import { Imported } from "./imported.ts";
import { sees } from "./sees.ts";
import { SHIPPED, SHIPPED_READERS, SHIPPED_VOICES } from "./shipped.ts";
import { leastUsed, Usage } from "./usage.ts";
import { isVoice, writes, writing } from "./voices.ts";

/** Tells the other tabs that the list changed. */
const CHANNEL = "alcove-models";

interface ModelsOptions {
  roster: Roster;
  settings: Settings;
  capabilities: Capabilities;
  /** Absolute URL of the root of the built site. */
  base: string;
  /** See OpenOptions. */
  mirror?: string | undefined;
}

interface MoveOptions {
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

/**
 * Emits `change` when models came or went, and `downloads` when one of {@link downloads} changed, here or in another
 * tab.
 */
export class Models extends EventTarget {
  readonly #options: ModelsOptions;
  readonly #shipped = new Map<string, AnyModel>(
    [...SHIPPED, ...SHIPPED_VOICES, ...SHIPPED_READERS].map((model) => [model.id, model]),
  );
  readonly #registered = new Map<string, LlamaCppModel>();
  readonly #imported: Imported;
  readonly #usage: Usage;
  /** Comes after the page's first load. */
  readonly #downloads: Promise<Downloads>;
  #listDownloads = (): readonly Download[] => [];
  readonly #tabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel(CHANNEL);
  #lookedForLost = false;
  #prebuilt: Promise<Map<string, AnyModel>> | undefined;

  constructor(options: ModelsOptions) {
    super();
    this.#options = options;
    this.#imported = new Imported(options.settings);
    this.#usage = new Usage(options.settings);
    this.#downloads = this.#startDownloads();
    this.#downloads.catch(() => undefined);
    this.#tabs?.addEventListener("message", () => this.dispatchEvent(new Event("change")));
  }

  /**
   * The model that an engine has when nobody names one.
   * @throws AlcoveError `model-not-found` when this site ships none for it
   */
  first(engine: EngineName): ModelSpec {
    const spec = SHIPPED.find((model) => model.engine === engine && !sees(model) && !makesEmbeddings(model));
    if (!spec) throw new AlcoveError("model-not-found", `This site has no model for "${engine}".`);
    return spec;
  }

  /**
   * The model that looks at pictures when nobody names one.
   * @throws AlcoveError `model-not-found` when this site ships none
   */
  firstThatSees(): LlamaCppModel {
    const spec = SHIPPED.find(sees);
    if (!spec) throw new AlcoveError("model-not-found", "This site has no vision model.");
    return spec as LlamaCppModel;
  }

  /**
   * The model that reads what stands in pictures.
   * @throws AlcoveError `model-not-found` when this site ships none
   */
  firstThatReads(): ReaderModel {
    const [spec] = SHIPPED_READERS;
    if (!spec) throw new AlcoveError("model-not-found", "This site has no model that reads pictures.");
    return spec;
  }

  /** Makes a model known that no list names, for as long as the page lives; it comes before one of a hub. */
  register(model: LlamaCppModel): void {
    this.#registered.set(model.id, this.#onMirror(model) as LlamaCppModel);
  }

  /**
   * A language model.
   * @throws AlcoveError `model-not-found`; `unsupported` for one that speaks or reads
   */
  async find(id: string): Promise<ModelSpec> {
    return writing(await this.findAny(id));
  }

  /** @throws AlcoveError `model-not-found` */
  async findAny(id: string): Promise<AnyModel> {
    const spec =
      this.#shipped.get(id) ??
      this.#registered.get(id) ??
      (await this.all()).find((model) => model.id === id);
    if (!spec) throw new AlcoveError("model-not-found", `There is no model called "${id}".`);
    return spec;
  }

  /** The models that write text and need no hub, and `loaded` wherever it is from: quick, and without a network. */
  async near(loaded: string | undefined): Promise<ModelSpec[]> {
    const shipped = SHIPPED.filter((model) => !makesEmbeddings(model));
    const near = [...shipped, ...(await this.#imported.list()).filter(writes)];
    if (loaded === undefined || near.some(({ id }) => id === loaded)) return near;
    return [...near, await this.find(loaded)];
  }

  /** Every model that is known by name, the shipped ones first. */
  async all(): Promise<AnyModel[]> {
    const [imported, hub] = await Promise.all([this.#imported.list(), this.#hub()]);
    const own = [...this.#shipped.values(), ...this.#registered.values(), ...imported];
    return [...own, ...[...hub.values()].filter(({ id }) => !this.#registered.has(id))];
  }

  /** The models that speak, the shipped ones first. */
  async voices(): Promise<VoiceModel[]> {
    return (await this.all()).filter(isVoice);
  }

  /** Every model, with what this device makes of it. */
  async list(): Promise<ModelEntry[]> {
    await this.#findLost();
    const specs = await this.all();
    const [cached, { used, pinned }] = await Promise.all([this.#cached(specs), this.#usage.read()]);
    const own = new Set((await this.#imported.list()).map(({ id }) => id));
    return specs.map((spec) =>
      entryOf(spec, {
        shipped: this.#shipped.has(spec.id),
        cached: cached.has(spec.id),
        imported: own.has(spec.id),
        pinned: pinned.has(spec.id),
        lastUsed: used[spec.id] ?? 0,
        capabilities: this.#options.capabilities,
      }),
    );
  }

  /**
   * Downloads and checks a model's files without loading it, after those that were asked for before. An abort pauses it:
   * what came is kept.
   * @param options.acceptChanged takes files that are not those that came first, where nobody publishes their hashes
   * @throws AlcoveError `model-not-found`, `download-failed`, `integrity`, `model-invalid`, `quota`, `cancelled`
   */
  async download(id: string, options: MoveOptions & { acceptChanged?: boolean } = {}): Promise<void> {
    return (await this.#downloads).start(id, options);
  }

  /** Asks for several models, without waiting for them: {@link downloads} tells what becomes of each. */
  queue(ids: readonly string[]): void {
    for (const id of ids) this.download(id).catch(() => undefined);
  }

  /** What is under way, rests, failed or came during this visit, in this tab and others. */
  get downloads(): readonly Download[] {
    return this.#listDownloads();
  }

  /** What came is kept. */
  async pause(id: string): Promise<void> {
    return (await this.#downloads).pause(id);
  }

  /** As {@link download}. */
  resume(id: string): Promise<void> {
    return this.download(id);
  }

  /** Stops a download, in whichever tab it runs, and deletes what came. */
  async cancel(id: string): Promise<void> {
    return (await this.#downloads).cancel(id);
  }

  /**
   * Reads every byte of a model again. A file that is not the one that came is set aside: no engine loads it any more.
   * @throws AlcoveError `integrity`, `model-not-found`, `cancelled`
   */
  async verify(id: string, options: MoveOptions = {}): Promise<void> {
    const spec = await this.findAny(id);
    try {
      await this.#options.roster.files(spec.engine).verify(spec, options);
    } catch (thrown) {
      this.#changed();
      throw thrown;
    }
  }

  /** Deletes a model's files from this device, and a download of it. */
  async remove(id: string): Promise<void> {
    const spec = await this.findAny(id);
    await (await this.#downloads).drop(id);
    await this.#delete(spec);
    await this.#imported.remove(id);
    this.#changed();
  }

  /** Keeps a model from being suggested for removal, or takes that back. */
  async pin(id: string, on: boolean): Promise<void> {
    await this.#usage.pin(id, on);
    this.#changed();
  }

  /** An engine of this page loaded the model. */
  async touch(id: string): Promise<void> {
    await this.#usage.touch(id);
  }

  /** The least recently used models that make `bytes` of room together, none of them pinned or loaded here. */
  async suggestRemoval(bytes: number): Promise<ModelEntry[]> {
    const { roles } = this.#options.roster;
    const loaded = new Set(Object.values(roles).flatMap(({ wanted }) => wanted ?? []));
    const here = (await this.list()).filter(({ cached }) => cached);
    return leastUsed(here, bytes, loaded);
  }

  /**
   * Takes a GGUF model of the person's and makes it one of this list: its file, or all parts of a split one in any
   * order; with its projector, which may be among the files, one that sees. Or a Piper voice: its graph and its settings.
   * @throws AlcoveError `model-invalid` when it is not a whole GGUF of a language model, when parts are missing, when
   *   the projector does not belong to it or when a file cannot be read; `unsupported` for a projector alone;
   *   `bad-request` for several models; `quota`; `cancelled`.
   */
  async importFile(
    files: File | readonly File[],
    options: MoveOptions & { projector?: File } = {},
  ): Promise<ModelEntry> {
    const { projector, ...rest } = options;
    const { importer } = this.#options.roster;
    const chosen = files instanceof Blob ? [files] : [...files];
    const spec = await importer.import(chosen, projector, rest).catch((thrown) => this.#wayOut(thrown));
    await this.#imported.add([spec]);
    this.#changed();
    void askToPersist().catch(() => undefined);
    return (await this.list()).find((entry) => entry.id === spec.id) as ModelEntry;
  }

  /**
   * The files of a GGUF model as they lie here, under the names that they came with; nothing is copied.
   * @throws AlcoveError `model-not-found`; `unsupported` for a model of WebLLM
   */
  async exportFiles(id: string): Promise<File[]> {
    const spec = await this.findAny(id);
    if (spec.engine !== "llamacpp") {
      throw new AlcoveError("unsupported", "Only GGUF models can be exported.", {
        action: "Download this one again where it is needed.",
      });
    }
    const files = await this.#options.roster.importer.export(spec);
    return files.map(({ name, blob }) => new File([blob], name, { type: "application/octet-stream" }));
  }

  /** Stops listening to other tabs. */
  close(): void {
    this.#downloads.then((downloads) => downloads.close()).catch(() => undefined);
    this.#tabs?.close();
  }

  async #startDownloads(): Promise<Downloads> {
    const { Downloads } = await import("./downloads.ts");
    const downloads = new Downloads({
      settings: this.#options.settings,
      fetch: async (id, rest) => {
        const spec = await this.findAny(id);
        await this.#options.roster
          .files(spec.engine)
          .download(spec, rest)
          .catch((thrown) => this.#wayOut(thrown));
      },
      discard: async (id) => {
        // One that no list names any more is let go of; what came of it lies among the leftovers.
        const spec = (await this.all()).find((model) => model.id === id);
        if (!spec) return;
        const here = await this.#cached([spec]);
        if (!here.has(id)) await this.#delete(spec);
      },
      nameOf: async (id) => (await this.findAny(id)).name,
      onChange: (what) => {
        this.dispatchEvent(new Event("downloads"));
        if (what === "models") this.dispatchEvent(new Event("change"));
      },
    });
    this.#listDownloads = () => downloads.list;
    return downloads;
  }

  async #delete(spec: AnyModel): Promise<void> {
    const known = (await this.all()).filter(({ engine }) => engine === spec.engine);
    await this.#options.roster.files(spec.engine).remove(spec, known);
  }

  /** Imported models that lie here and got lost from the list, once a visit. */
  async #findLost(): Promise<void> {
    if (this.#lookedForLost) return;
    this.#lookedForLost = true;
    const here = await this.#options.roster.importer.imported().catch(() => []);
    if (await this.#imported.findAgain(here)) this.#changed();
  }

  /** Where there is no room, what could go. */
  async #wayOut(thrown: unknown): Promise<never> {
    if (!(thrown instanceof AlcoveError) || thrown.code !== "quota") throw thrown;
    const could = await this.suggestRemoval(thrown.bytes ?? 1).catch(() => []);
    if (could.length === 0) throw thrown;
    const names = could.map(({ name }) => name).join(", ");
    throw new AlcoveError("quota", thrown.message, {
      ...thrown.toData(),
      action: `Free some disk space, or remove what you have used least: ${names}.`,
    });
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
    this.#tabs?.postMessage("change");
  }

  async #cached(specs: AnyModel[]): Promise<Set<string>> {
    const { roster, capabilities } = this.#options;
    const of = (engine: AnyModel["engine"]) =>
      roster.files(engine).cached(specs.filter((spec) => spec.engine === engine));
    // Without WebGPU its engine is not even fetched: none of its models can run.
    const onCard = capabilities.webgpu.supported ? of("webllm") : [];
    const ids = await Promise.all([of("llamacpp"), of("piper"), of("ppocr"), onCard]);
    return new Set(ids.flat());
  }

  #onMirror(model: AnyModel): AnyModel {
    const { base, mirror } = this.#options;
    if (!mirror) return model;
    const root = new URL(mirror.replace(/\/*$/, "/"), base);
    const own = new URL(base).origin;
    const there = (url: string) => {
      const { origin, pathname } = new URL(url);
      return origin === own ? url : new URL(`.${pathname}`, root).href;
    };
    if (model.engine === "webllm")
      return { ...model, weights: there(model.weights), library: there(model.library) };
    const files = model.files.map((file) => ({ ...file, url: there(file.url) }));
    return { ...model, files } as AnyModel;
  }

  /** What hubs have: WebLLM's own list and vision models, fetched when first asked for; else the shipped ones. */
  #hub(): Promise<Map<string, AnyModel>> {
    this.#prebuilt ??= (async () => {
      try {
        const response = await fetch(new URL(BUILD.hubModels, this.#options.base));
        const models = (await response.json()) as AnyModel[];
        return new Map(models.map((model) => [model.id, this.#onMirror(model)]));
      } catch {
        this.#prebuilt = undefined;
        return new Map<string, AnyModel>();
      }
    })();
    return this.#prebuilt;
  }
}
