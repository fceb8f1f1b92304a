/** The models that can be had, and which of them are on this device. */
import { BUILD } from "../../workers/shared/build.ts";
import type { LoadProgress, ModelSpec } from "../../workers/shared/engine.ts";
import { AlcoveError } from "../../workers/shared/errors.ts";
import type { EngineSupervisor } from "./engine.ts";

export interface ModelEntry {
  id: string;
  name: string;
  family: string;
  license: string;
  provider: string;
  /** Bytes to download. */
  bytes: number;
  /** Window in tokens. */
  context: number;
  /** Whether its files are on this device. */
  cached: boolean;
}

export class Models {
  readonly #engine: EngineSupervisor;
  readonly #specs = new Map<string, ModelSpec>(BUILD.models.map((model) => [model.id, model]));

  constructor(engine: EngineSupervisor) {
    this.#engine = engine;
  }

  /** The model that a conversation gets when it names none. */
  get default(): ModelSpec {
    return BUILD.models[0] as ModelSpec;
  }

  /** @throws AlcoveError `model-not-found` */
  spec(id: string): ModelSpec {
    const spec = this.#specs.get(id);
    if (!spec) throw new AlcoveError("model-not-found", `There is no model called "${id}".`);
    return spec;
  }

  async list(): Promise<ModelEntry[]> {
    const stored = new Set((await this.#engine.client.stored()).map((file) => file.sha256));
    return [...this.#specs.values()].map((spec) => ({
      id: spec.id,
      name: spec.name,
      family: spec.family,
      license: spec.license,
      provider: spec.engine,
      bytes: spec.files.reduce((sum, file) => sum + file.bytes, 0),
      context: spec.context,
      cached: spec.files.every((file) => stored.has(file.sha256)),
    }));
  }

  /** Downloads and checks a model's files without loading it; what came before an abort is kept. */
  async download(
    id: string,
    options: { onProgress?: (progress: LoadProgress) => void; signal?: AbortSignal } = {},
  ): Promise<void> {
    await this.#engine.client.download(this.spec(id), options);
  }

  /** Deletes a model's files from this device. */
  async remove(id: string): Promise<void> {
    await this.#engine.client.remove(this.spec(id));
  }

  /**
   * Takes a GGUF file of the person's and makes it a model of this list.
   * @throws AlcoveError `model-invalid` when it is not a whole GGUF file of a language model; `quota`.
   */
  async importFile(
    file: File,
    options: { onProgress?: (progress: LoadProgress) => void; signal?: AbortSignal } = {},
  ): Promise<ModelEntry> {
    const spec = await this.#engine.client.import(file, options);
    this.#specs.set(spec.id, spec);
    return (await this.list()).find((entry) => entry.id === spec.id) as ModelEntry;
  }
}
