/**
 * A mark for as long as a model is being loaded. A tab that the browser ends for lack of memory says no word: its mark
 * stays, while the lock that every living tab holds is free again. A tab that is closed or reloaded takes its mark with
 * it.
 */
import type { Role } from "./status.ts";

const MARK = "alcove-loading ";
/** A tab that is killed may still hold its lock while the browser writes down why: 0.4 s in Chromium. */
const DYING_MS = 2000;

export class LoadMarks {
  readonly #own = MARK + crypto.randomUUID();
  readonly #loading = new Map<Role, string>();
  #alive: Promise<unknown> | undefined;
  #leaving = false;

  /** What the engine of `role` loads now; undefined when it is not loading. */
  follow(role: Role, model: string | undefined): void {
    if (this.#loading.get(role) === model) return;
    if (model === undefined) this.#loading.delete(role);
    else this.#loading.set(role, model);
    this.#alive ??= this.#live();
    // A mark without its lock would be a dead tab's.
    void this.#alive.then(() => this.#write());
  }

  /**
   * The model that a tab was loading when it ended without a word; its mark is taken away. While another tab loads one,
   * a moment passes in which that may prove to be dying.
   */
  async crashed(): Promise<string | undefined> {
    await Promise.all(marked().map(released));
    return this.forget();
  }

  /** Takes away the marks of tabs that are no more. @returns the model that the last of them was loading */
  async forget(): Promise<string | undefined> {
    const dead = await this.#dead();
    for (const [name] of dead) localStorage.removeItem(name);
    return dead.at(-1)?.[1];
  }

  /** Whether a tab ended so while it loaded `model`; its mark stays, for the other tabs that ask. */
  async ended(model: string): Promise<boolean> {
    return (await this.#dead()).some(([, loaded]) => loaded === model);
  }

  /** The marks of tabs that are no more, with the models that they loaded. */
  async #dead(): Promise<[string, string][]> {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const living = new Set(held.map(({ name }) => name));
    try {
      const names = marked().filter((name) => !living.has(name));
      return names.map((name) => [name, localStorage.getItem(name) ?? ""]);
    } catch {
      return [];
    }
  }

  /** Resolves when other tabs can see that this one lives; never where a browser cannot tell. */
  #live(): Promise<void> {
    addEventListener("pagehide", () => {
      // Its engine goes to another tab now: what that does to its status says nothing any more.
      this.#leaving = true;
      this.#write();
    });
    addEventListener("pageshow", () => {
      this.#leaving = false;
      this.#write();
    });
    return new Promise((resolve) => {
      void navigator.locks?.request(this.#own, () => {
        resolve();
        return new Promise<never>(() => undefined);
      });
    });
  }

  #write(): void {
    const [model] = this.#leaving ? [] : this.#loading.values();
    try {
      if (model === undefined) localStorage.removeItem(this.#own);
      else localStorage.setItem(this.#own, model);
    } catch {
      // Without a storage a crash is not noticed.
    }
  }
}

function marked(): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(MARK));
  } catch {
    return []; // A browser that keeps nothing has no mark either.
  }
}

/** Resolves when the tab of a mark is gone, and after a moment where it lives. */
async function released(mark: string): Promise<void> {
  const signal = AbortSignal.timeout(DYING_MS);
  await navigator.locks?.request(mark, { signal }, () => undefined).catch(() => undefined);
}
