/** RunAnywhere's `VoicePipeline`: one recording → words → an answer → sound. Each turn stands alone. */
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import {
  PipelineState,
  type VoicePipelineCallbacks,
  type VoicePipelineOptions,
  type VoicePipelineTurnResult,
} from "./voice/types.ts";

export class VoicePipeline {
  #state: PipelineState = PipelineState.Idle;
  #stop: AbortController | null = null;

  get state(): PipelineState {
    return this.#state;
  }

  /**
   * Hears a recording, lets the language model answer and makes that sound. The voice begins with the first sentence of
   * the answer, not after its last. What is done with the sound is the caller's.
   * @throws AlcoveError `busy` while another turn runs, `bad-request` where nothing was said, `cancelled`, and what its
   *   parts fail with; `onError` is told first
   */
  async processTurn(
    audioData: Float32Array,
    options: VoicePipelineOptions = {},
    callbacks: VoicePipelineCallbacks = {},
  ): Promise<VoicePipelineTurnResult> {
    if (this.#stop) throw new AlcoveError("busy", "A turn is still being worked on.");
    const stop = new AbortController();
    this.#stop = stop;
    try {
      // What it takes comes with the first turn.
      const { turn } = await import("./voice/pipeline-turn.ts");
      const enter = (state: PipelineState) => this.#enter(state, callbacks);
      return await turn(audioData, options, { ...callbacks, enter }, stop.signal);
    } catch (thrown) {
      const stage = this.#state;
      const error = stop.signal.aborted ? new AlcoveError("cancelled", "Stopped.") : toAlcoveError(thrown);
      if (error.code !== "cancelled") this.#enter(PipelineState.Error, callbacks);
      callbacks.onError?.(error, stage);
      throw error;
    } finally {
      this.#stop = null;
      this.#enter(PipelineState.Idle, callbacks);
    }
  }

  /** Stops whatever it is doing: hearing, answering or speaking. */
  cancel(): void {
    this.#stop?.abort();
  }

  #enter(state: PipelineState, { onStateChange }: VoicePipelineCallbacks): void {
    if (state === this.#state) return;
    this.#state = state;
    onStateChange?.(state);
  }
}
