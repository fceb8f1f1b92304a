/**
 * A turn that Python has begun before it is known whether it may: this tab's right to it is asked for meanwhile, which
 * takes about as long as Python needs. Until then nothing of it is told or kept, and none of its tools runs.
 */
import type { TurnEvent } from "../../../workers/python/protocol.ts";
import { streamOf } from "../../../workers/wire/stream.ts";

type Events = AsyncGenerator<TurnEvent, void, undefined>;

export class HeadStart {
  /** Of the Python that runs it. */
  readonly epoch: number;
  readonly #cancel: () => Promise<void>;
  /** What came, in its order: events, and what is to be done between them. */
  readonly #came: AsyncGenerator<TurnEvent | (() => void), void, undefined>;
  #add!: (work: () => void) => void;
  #refused = false;
  #end: Promise<void> | undefined;

  /** @param cancel stops it in Python */
  constructor(epoch: number, events: Events, cancel: () => Promise<void>) {
    this.epoch = epoch;
    this.#cancel = cancel;
    this.#came = streamOf(async (push) => {
      this.#add = push;
      for await (const event of events) push(event);
    }, cancel);
  }

  /**
   * Does `work`, which Python asks for, when it is known that the turn may run and what came before was told.
   * @returns what it returns; undefined, without doing it, where the turn may not run
   */
  later<T>(work: () => Promise<T>): Promise<T | undefined> {
    return new Promise((resolve) => {
      this.#add(() => resolve(this.#refused ? undefined : work()));
    });
  }

  /** It may run: what happens in it, from its beginning. */
  async *allow(): Events {
    for await (const each of this.#came) {
      if (typeof each === "function") each();
      else yield each;
    }
  }

  /** It may not: resolves when it has ended. */
  refuse(): Promise<void> {
    this.#refused = true;
    this.#end ??= this.#stop();
    return this.#end;
  }

  async #stop(): Promise<void> {
    await this.#cancel();
    try {
      for await (const each of this.#came) if (typeof each === "function") each();
    } catch {
      // However it ended, nobody is to know of it.
    }
  }
}
