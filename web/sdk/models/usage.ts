/** When models were last used, which of them the person pinned, and which could go first. */
import type { Settings } from "../store/settings.ts";

/** Names of settings: milliseconds since 1970 by model, and the pinned ones' ids. */
const USED = "models-used";
const PINNED = "models-pinned";

interface Candidate {
  id: string;
  bytes: number;
  pinned: boolean;
  lastUsed: number;
}

export class Usage {
  readonly #settings: Settings;

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  async read(): Promise<{ used: Readonly<Record<string, number>>; pinned: ReadonlySet<string> }> {
    const [used, pinned] = await Promise.all([
      this.#settings.get<Record<string, number>>(USED).catch(() => undefined),
      this.#settings.get<string[]>(PINNED).catch(() => undefined),
    ]);
    return { used: used ?? {}, pinned: new Set(pinned) };
  }

  /** An engine loaded the model. */
  async touch(id: string): Promise<void> {
    await this.#settings.update<Record<string, number>>(USED, (used) => ({ ...used, [id]: Date.now() }));
  }

  async pin(id: string, on: boolean): Promise<void> {
    await this.#settings.update<string[]>(PINNED, (pinned = []) => {
      const others = pinned.filter((other) => other !== id);
      return on ? [...others, id] : others;
    });
  }
}

/** The least recently used of `models` that make `bytes` of room together; fewer where they are not enough. */
export function leastUsed<Model extends Candidate>(
  models: readonly Model[],
  bytes: number,
  loaded: ReadonlySet<string>,
): Model[] {
  const may = models
    .filter(({ id, pinned }) => !pinned && !loaded.has(id))
    .sort((a, b) => a.lastUsed - b.lastUsed);
  const chosen: Model[] = [];
  for (let room = 0; room < bytes && may.length > 0; ) {
    const next = may.shift() as Model;
    chosen.push(next);
    room += next.bytes;
  }
  return chosen;
}
