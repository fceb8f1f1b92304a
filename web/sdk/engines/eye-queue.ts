/** The order in which pictures are looked at, over all eyes of a page: one at a time, and never a heap of them. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { Queue } from "../../../workers/wire/queue.ts";

/** Pictures that may wait besides the one that is looked at; each is held in memory until its turn. */
export const MOST_WAITING = 32;

export class EyeQueue {
  readonly #queue = new Queue();
  readonly #holders = new Map<object, string>();
  #offered = 0;
  #closed = false;

  /**
   * Calls `begin` at once and, when its turn comes, `look` with what `begin` made.
   * @throws AlcoveError `busy` when {@link MOST_WAITING} wait already; `cancelled` after an abort or {@link close}
   */
  async run<P, T>(
    begin: () => Promise<P>,
    look: (prepared: P) => Promise<T>,
    discard: (prepared: P) => void,
    signal: AbortSignal,
  ): Promise<T> {
    if (this.#offered > MOST_WAITING) {
      throw new AlcoveError("busy", "Too many pictures are waiting to be looked at.", {
        action: "Offer the next one when an answer came.",
      });
    }
    this.#offered++;
    const prepared = begin();
    // Thrown when its turn comes.
    prepared.catch(() => undefined);
    let taken = false;
    try {
      return await this.#queue.run(async () => {
        const ready = await prepared;
        if (this.#closed) throw new AlcoveError("cancelled", "Alcove was closed.");
        taken = true;
        return look(ready);
      }, signal);
    } finally {
      this.#offered--;
      if (!taken) void prepared.then(discard, () => undefined);
    }
  }

  /** Fails what waits and what comes later. */
  close(): void {
    this.#closed = true;
  }

  /** Says that `holder` wants `model` to stay loaded. */
  hold(holder: object, model: string): void {
    this.#holders.set(holder, model);
  }

  /** Takes that back; whether nobody else wants the model. */
  letGo(holder: object): boolean {
    const model = this.#holders.get(holder);
    this.#holders.delete(holder);
    return ![...this.#holders.values()].some((other) => other === model);
  }
}
