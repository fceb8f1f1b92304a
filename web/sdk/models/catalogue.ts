/** The models that can be had, which of them this device can run, and which it holds. */
import { BUILD } from "../../../workers/build.ts";
import type { EngineName, LlamaCppModel, LoadProgress, ModelSpec } from "../../../workers/engine/contract.ts";
import { makesEmbeddings } from "../../../workers/engine/embedding.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Roster } from "../engines/roster.ts";
import type { Settings } from "../store/settings.ts";
import { fitOf } from "./fit.ts";

/** Name of the setting that keeps the descriptions of imported files. */
const IMPORTED = "imported-models";

export interface ModelEntry {
  id: string;
  name: string;
  family: string;
  license: string;
  provider: EngineName;
  /** Bytes to download. */
  bytes: number;
  /** Window in tokens. */
  context: number;
  /** Bytes of GPU memory, for a model that runs there. */
  vram?: number;
  goodFor: string[];
  /** What it knows and what it does not, where the catalogue says so. */
  about?: string;
  /** Whether it takes pictures. */
  sees: boolean;
  /** Whether it comes with this site; the others come from their makers' hub. */
  shipped: boolean;
  /** Whether its files are on this device. */
  cached: boolean;
  /** Whether this device can run it, as far as the browser tells. */
  fits: boolean;
  /** Why it does not fit, or a caution. */
  why: string;
}

/** Whether a model takes pictures. */
export const sees = (spec: ModelSpec): boolean => spec.engine === "llamacpp" && spec.vision !== undefined;

interface ModelsOptions {
  roster: Roster;
  settings: Settings;
  capabilities: Capabilities;
  /** Absolute URL of the root of the built site. */
  base: string;
  /** See OpenOptions. */
  mirror?: string | undefined;
}

export class Models {
  readonly #options: ModelsOptions;
  readonly #shipped = new Map<string, ModelSpec>(BUILD.models.map((model) => [model.id, model]));
  readonly #registered = new Map<string, LlamaCppModel>();
  #imported: Promise<LlamaCppModel[]> | undefined;
  #prebuilt: Promise<Map<string, ModelSpec>> | undefined;

  constructor(options: ModelsOptions) {
    this.#options = options;
  }

  /**
   * The model that an engine has when nobody names one.
   * @throws AlcoveError `model-not-found` when this site ships none for it
   */
  first(engine: EngineName): ModelSpec {
    const spec = BUILD.models.find(
      (model) => model.engine === engine && !sees(model) && !makesEmbeddings(model),
    );
    if (!spec) throw new AlcoveError("model-not-found", `This site has no model for "${engine}".`);
    return spec;
  }

  /**
   * The model that looks at pictures when nobody names one.
   * @throws AlcoveError `model-not-found` when this site ships none
   */
  firstThatSees(): LlamaCppModel {
    const spec = BUILD.models.find(sees);
    if (!spec) throw new AlcoveError("model-not-found", "This site has no vision model.");
    return spec as LlamaCppModel;
  }

  /** Makes a model known that no list names, for as long as the page lives; it comes before one of a hub. */
  register(model: LlamaCppModel): void {
    this.#registered.set(model.id, this.#onMirror(model) as LlamaCppModel);
  }

  /** @throws AlcoveError `model-not-found` */
  async find(id: string): Promise<ModelSpec> {
    const spec =
      this.#shipped.get(id) ??
      this.#registered.get(id) ??
      (await this.all()).find((model) => model.id === id);
    if (!spec) throw new AlcoveError("model-not-found", `There is no model called "${id}".`);
    return spec;
  }

  /** The models that write text and need no hub, and `loaded` wherever it is from: quick, and without a network. */
  async near(loaded: string | undefined): Promise<ModelSpec[]> {
    const shipped = [...this.#shipped.values()].filter((model) => !makesEmbeddings(model));
    const near = [...shipped, ...(await this.#readImported())];
    if (loaded === undefined || near.some(({ id }) => id === loaded)) return near;
    return [...near, await this.find(loaded)];
  }

  /** Every model that is known by name, the shipped ones first. */
  async all(): Promise<ModelSpec[]> {
    const [imported, hub] = await Promise.all([this.#readImported(), this.#hub()]);
    const own = [...this.#shipped.values(), ...this.#registered.values(), ...imported];
    return [...own, ...[...hub.values()].filter(({ id }) => !this.#registered.has(id))];
  }

  /** Every model, with what this device makes of it. */
  async list(): Promise<ModelEntry[]> {
    const specs = await this.all();
    const cached = await this.#cached(specs);
    return specs.map((spec) => ({
      id: spec.id,
      name: spec.name,
      family: spec.family,
      license: spec.license,
      provider: spec.engine,
      bytes: spec.engine === "webllm" ? spec.bytes : spec.files.reduce((sum, file) => sum + file.bytes, 0),
      context: spec.context,
      ...(spec.engine === "webllm" ? { vram: spec.vram } : {}),
      goodFor: spec.goodFor ?? ["general", "low-end"],
      ...(spec.about === undefined ? {} : { about: spec.about }),
      sees: sees(spec),
      shipped: this.#shipped.has(spec.id),
      cached: cached.has(spec.id),
      ...fitOf(spec, this.#options.capabilities),
    }));
  }

  /** Downloads and checks a model's files without loading it; what came before an abort is kept. */
  async download(
    id: string,
    options: { onProgress?: (progress: LoadProgress) => void; signal?: AbortSignal } = {},
  ): Promise<void> {
    const spec = await this.find(id);
    await this.#options.roster.files(spec.engine).download(spec, options);
  }

  /** Deletes a model's files from this device. */
  async remove(id: string): Promise<void> {
    const spec = await this.find(id);
    await this.#options.roster.files(spec.engine).remove(spec);
    const imported = await this.#readImported();
    if (imported.some((model) => model.id === id)) {
      await this.#keepImported(imported.filter((model) => model.id !== id));
    }
  }

  /**
   * Takes a GGUF file of the person's and makes it a model of this list; with its projector, one that sees.
   * @throws AlcoveError `model-invalid` when it is not a whole GGUF file of a language model, or the projector does
   *   not belong to it; `unsupported` for a projector alone; `quota`.
   */
  async importFile(
    file: File,
    options: {
      projector?: File;
      onProgress?: (progress: LoadProgress) => void;
      signal?: AbortSignal;
    } = {},
  ): Promise<ModelEntry> {
    const { projector, ...rest } = options;
    const spec = await this.#options.roster.importer.import(file, projector, rest);
    const others = (await this.#readImported()).filter(({ id }) => id !== spec.id);
    await this.#keepImported([...others, spec]);
    return (await this.list()).find((entry) => entry.id === spec.id) as ModelEntry;
  }

  #readImported(): Promise<LlamaCppModel[]> {
    this.#imported ??= this.#options.settings
      .get<LlamaCppModel[]>(IMPORTED)
      .then((models) => models ?? [])
      .catch(() => []);
    return this.#imported;
  }

  async #keepImported(models: LlamaCppModel[]): Promise<void> {
    this.#imported = Promise.resolve(models);
    await this.#options.settings.set(IMPORTED, models);
  }

  async #cached(specs: ModelSpec[]): Promise<Set<string>> {
    const { roster, capabilities } = this.#options;
    const of = (engine: EngineName) =>
      roster.files(engine).cached(specs.filter((spec) => spec.engine === engine));
    // Without WebGPU its engine is not even fetched: none of its models can run.
    const ids = await Promise.all([of("llamacpp"), capabilities.webgpu.supported ? of("webllm") : []]);
    return new Set(ids.flat());
  }

  #onMirror(model: ModelSpec): ModelSpec {
    const { base, mirror } = this.#options;
    if (!mirror) return model;
    const root = new URL(mirror.replace(/\/*$/, "/"), base);
    const there = (url: string) => new URL(`.${new URL(url).pathname}`, root).href;
    if (model.engine === "llamacpp") {
      const files = model.files.map((file) => ({ ...file, url: there(file.url) }));
      return { ...model, files: files as LlamaCppModel["files"] };
    }
    return { ...model, weights: there(model.weights), library: there(model.library) };
  }

  /** What hubs have: WebLLM's own list and vision models, fetched when first asked for; else the shipped ones. */
  #hub(): Promise<Map<string, ModelSpec>> {
    this.#prebuilt ??= (async () => {
      try {
        const response = await fetch(new URL(BUILD.hubModels, this.#options.base));
        const models = (await response.json()) as ModelSpec[];
        return new Map(models.map((model) => [model.id, this.#onMirror(model)]));
      } catch {
        this.#prebuilt = undefined;
        return new Map<string, ModelSpec>();
      }
    })();
    return this.#prebuilt;
  }
}
