/** The models that the person imported: the list is the store's, and no tab overwrites what another added. */
import type { OwnModel } from "../../../workers/engine/contract.ts";
import type { Settings } from "../store/settings.ts";

/** Name of the setting that keeps their descriptions. */
const IMPORTED = "imported-models";

export class Imported {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async list(): Promise<OwnModel[]> {
    return (await this.#settings.get<OwnModel[]>(IMPORTED).catch(() => undefined)) ?? [];
  }

  /** Adds models; one with the same id is replaced. */
  async add(models: OwnModel[]): Promise<void> {
    const ids = new Set(models.map(({ id }) => id));
    await this.#settings.update<OwnModel[]>(IMPORTED, (before = []) => [
      ...before.filter(({ id }) => !ids.has(id)),
      ...models,
    ]);
  }

  async remove(id: string): Promise<void> {
    await this.#settings.update<OwnModel[]>(IMPORTED, (before = []) =>
      before.filter((model) => model.id !== id),
    );
  }

  /**
   * Adds those that lie on this device and are not in the list: a tab died between the two.
   * @returns whether there were any
   */
  async findAgain(here: OwnModel[]): Promise<boolean> {
    const known = new Set((await this.list()).map(({ id }) => id));
    const lost = here.filter(({ id }) => !known.has(id));
    if (lost.length > 0) await this.add(lost);
    return lost.length > 0;
  }
}
