/** All who listen in a worker, from the moment that each asks for it: they may be told something before it can hear. */
import { AlcoveError } from "../wire/errors.ts";
import type { CallContext } from "../wire/rpc.ts";
import type { ActivityEvent, ActivityProtocol, SoundFrame } from "./protocol.ts";
import { Silero } from "./silero.ts";
import { Utterances } from "./utterances.ts";

export class Listeners {
  readonly #weights: (address: string) => Promise<ArrayBuffer>;
  readonly #here = new Map<string, Utterances>();

  constructor(weights: (address: string) => Promise<ArrayBuffer>) {
    this.#weights = weights;
  }

  /**
   * Listens until it is cancelled.
   * @throws AlcoveError what the weights fail with
   */
  async listen(
    { id, weights, port, options }: ActivityProtocol["listen"]["args"],
    { signal, emit }: CallContext<ActivityEvent>,
  ): Promise<void> {
    const utterances = new Utterances(options, emit);
    this.#here.set(id, utterances);
    try {
      const silero = new Silero(await this.#weights(weights));
      port.onmessage = ({ data: { samples, level } }: MessageEvent<SoundFrame>) =>
        utterances.push(samples, silero.probability(samples), level);
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
    } finally {
      this.#here.delete(id);
      port.postMessage("close");
      port.close();
    }
  }

  /** @throws AlcoveError `bad-request` once nobody of that name listens */
  at(id: string): Utterances {
    const found = this.#here.get(id);
    if (!found) throw new AlcoveError("bad-request", "Nobody listens any more.");
    return found;
  }
}
