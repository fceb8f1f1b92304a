/** What hears for the page: which model, loaded when it is wanted and given up when it is not. */
import type { SpeechClient } from "../../../workers/speech/client.ts";
import type { SpeechModel } from "../../../workers/speech/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { keepAwake, stopWaiting } from "../engines/idle.ts";
import type { Ears } from "../engines/roster.ts";
import { EARS } from "../models/shipped.ts";
import type { Audio } from "./audio.ts";
import { type TranscribeOptions, type Transcript, transcribe } from "./transcribe.ts";

export class Hearing {
  readonly #ears: Ears;

  constructor(ears: Ears) {
    this.#ears = ears;
  }

  /** See `Alcove.transcribe`. */
  transcribe(audio: Audio, options: TranscribeOptions = {}): Promise<Transcript> {
    const spec = this.model(options.model);
    return this.hold(() => transcribe(audio, options, spec, () => this.ready(spec, options.signal)));
  }

  /**
   * The model called `id`; left out, the one in use, else the first of this site.
   * @throws AlcoveError `model-not-found`
   */
  model(id: string | undefined = this.#ears.wanted): SpeechModel {
    const spec = id === undefined ? EARS[0] : EARS.find((each) => each.id === id);
    if (spec) return spec;
    throw new AlcoveError(
      "model-not-found",
      id ? `There is no model "${id}" that hears.` : "This site has no model that hears.",
    );
  }

  /** The worker, with `spec` loaded: fetched first where needed, which the status tells (`status.roles.ears`). */
  async ready(spec: SpeechModel, signal?: AbortSignal): Promise<SpeechClient> {
    await this.#ears.ensure(spec, signal);
    return this.#ears.client;
  }

  /** Keeps the model from being given up for as long as `work` lasts. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const letGo = keepAwake(this.#ears);
    try {
      return await work();
    } finally {
      letGo();
    }
  }

  /** What hears is ended by `Roster.release`. */
  close(): void {
    stopWaiting(this.#ears);
  }
}
