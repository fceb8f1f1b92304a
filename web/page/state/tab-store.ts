import type { Alcove } from "../../sdk/index.ts";
import { type Failure, toFailure } from "../kit/failure.ts";

/** The state behind a tab that does things with what it lists. Emits `change` after every change. */
export abstract class TabStore extends EventTarget {
  protected readonly alcove: Promise<Alcove>;
  /** What went wrong last, by what it was done to. */
  readonly failures = new Map<string, Failure>();

  constructor(alcove: Promise<Alcove>) {
    super();
    this.alcove = alcove;
  }

  /** Does `work`, and answers whether it was done; what goes wrong is told beside what `key` names. */
  async attempt(key: string, work: (alcove: Alcove) => Promise<void>): Promise<boolean> {
    this.failures.delete(key);
    try {
      await work(await this.alcove);
      return true;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== "cancelled") this.failures.set(key, failure);
      return false;
    } finally {
      this.tell();
    }
  }

  protected tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}
