import { embedsOnly, makesEmbeddings } from "../../../workers/engine/embedding.ts";
import type { Settings } from "../store/settings.ts";
import type { Models } from "./catalogue.ts";

const NAME = "model";

/** The model that new conversations take. */
export class Preference {
  readonly #settings: Settings;
  readonly #models: Models;

  constructor(settings: Settings, models: Models) {
    this.#settings = settings;
    this.#models = models;
  }

  async get(): Promise<string | null> {
    return (await this.#settings.get<string>(NAME)) ?? null;
  }

  /**
   * Null lets Alcove choose.
   * @throws AlcoveError `model-not-found`; `bad-request` for a model that only makes embeddings
   */
  async set(model: string | null): Promise<void> {
    if (model === null) return this.#settings.remove(NAME);
    const spec = await this.#models.find(model);
    if (makesEmbeddings(spec)) throw embedsOnly();
    await this.#settings.set(NAME, spec.id);
  }
}
