/** The loads of an engine: whoever asks for a model that is on its way joins the load, and hears how it goes. */
import { beforeAbort } from "../wire/abort.ts";
import type { LoadedModel, LoadProgress } from "./contract.ts";

/** Whoever waits for an engine hears that it lives. */
export const ALIVE_EVERY_MS = 10_000;

type Tell = (progress: LoadProgress) => void;
type Run = (tell: Tell, signal: AbortSignal) => Promise<LoadedModel>;

/** For what was asked before. */
export const QUEUED: LoadProgress = { stage: "queued", bytes: 0, total: 0 };

export class Loads {
  readonly #running = new Map<string, SharedLoad>();

  /**
   * What `run` gives; joins the one that is under way for the same `key`.
   * @param busy whether it begins only when something else has ended
   * @throws AlcoveError whatever `run` throws; `cancelled` at once when `signal` aborts
   */
  join(key: string, run: Run, busy: boolean, tell: Tell, signal: AbortSignal): Promise<LoadedModel> {
    let load = this.#running.get(key);
    if (!load || load.stopped) {
      const started = new SharedLoad(run, busy);
      load = started;
      this.#running.set(key, started);
      const over = () => {
        if (this.#running.get(key) === started) this.#running.delete(key);
      };
      started.result.then(over, over);
    }
    return load.join(tell, signal);
  }
}

/** A load that several may wait for. It is stopped when nobody waits any more. */
class SharedLoad {
  readonly result: Promise<LoadedModel>;
  readonly #listeners = new Set<Tell>();
  readonly #stop = new AbortController();
  #last: LoadProgress | undefined;

  constructor(run: Run, busy: boolean) {
    const tell: Tell = (progress) => {
      this.#last = progress;
      for (const listener of this.#listeners) listener(progress);
    };
    if (busy) tell(QUEUED);
    const alive = setInterval(() => this.#last === QUEUED && tell(QUEUED), ALIVE_EVERY_MS);
    this.result = run(tell, this.#stop.signal).finally(() => clearInterval(alive));
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  async join(tell: Tell, signal: AbortSignal): Promise<LoadedModel> {
    const listener: Tell = (progress) => tell(progress);
    this.#listeners.add(listener);
    if (this.#last) listener(this.#last);
    const leave = () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop.abort();
    };
    signal.addEventListener("abort", leave, { once: true });
    if (signal.aborted) leave();
    return beforeAbort(this.result, signal);
  }
}
