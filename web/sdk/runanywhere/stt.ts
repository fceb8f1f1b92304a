/** RunAnywhere's `STT`, over `alcove.transcribe`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { streamOf } from "../../../workers/wire/stream.ts";
import {
  type LoadedEar,
  type Piece,
  type Recording,
  type STTModelConfig,
  STTModelType,
  type STTStreamingSession,
  type STTTranscribeOptions,
  type STTTranscriptionResult,
} from "./voice/types.ts";

const RATE = 16_000;

let loaded: LoadedEar | null = null;

function needed(): LoadedEar {
  if (loaded) return loaded;
  throw new AlcoveError("model-not-found", "No model that hears is loaded.", {
    action: "Call STT.loadModel() first.",
  });
}

export const STT = {
  extensionName: "STT",

  /** @throws AlcoveError `unsupported` for another type than Whisper; what a load fails with */
  async loadModel({ modelId, type, sampleRate = RATE, language }: STTModelConfig): Promise<void> {
    const { standIn } = await import("./voice/stt-ears.ts");
    const model = await standIn(modelId, type);
    loaded = { id: modelId, type, model, language, rate: sampleRate };
  },

  async unloadModel(): Promise<void> {
    loaded = null;
  },

  get isModelLoaded(): boolean {
    return loaded !== null;
  },

  /** As it was loaded; empty while none is. */
  get modelId(): string {
    return loaded?.id ?? "";
  },

  get currentModelType(): STTModelType {
    return loaded?.type ?? STTModelType.Whisper;
  },

  /** @throws AlcoveError `model-not-found` before a model is loaded; as `alcove.transcribe` */
  async transcribe(
    samples: Float32Array,
    options: STTTranscribeOptions = {},
  ): Promise<STTTranscriptionResult> {
    const model = needed();
    const { heard } = await import("./voice/stt-ears.ts");
    return heard({ samples, sampleRate: options.sampleRate ?? model.rate }, model, options.language);
  },

  /** Any file that the browser decodes. */
  async transcribeFile(file: File, options: STTTranscribeOptions = {}): Promise<STTTranscriptionResult> {
    const model = needed();
    return (await import("./voice/stt-ears.ts")).heard(file, model, options.language);
  },

  createStreamingSession(options: STTTranscribeOptions = {}): STTStreamingSession {
    return new Streaming(needed(), options);
  },

  cleanup(): void {
    loaded = null;
  },
};

/** One recording that is heard while it comes. */
class Streaming implements STTStreamingSession {
  readonly #model: LoadedEar;
  readonly #options: STTTranscribeOptions;
  #recording!: Recording;

  constructor(model: LoadedEar, options: STTTranscribeOptions) {
    this.#model = model;
    this.#options = options;
    this.reset();
  }

  acceptWaveform(samples: Float32Array, sampleRate = this.#options.sampleRate ?? this.#model.rate): void {
    this.#recording.push({ samples, sampleRate });
  }

  inputFinished(): void {
    this.#recording.end();
  }

  getResult(): { text: string; isEndpoint: boolean } {
    const { text, over } = this.#recording;
    return { text, isEndpoint: over };
  }

  reset(): void {
    this.#recording?.stop.abort();
    const recording = recorded();
    this.#recording = recording;
    void import("./voice/stt-ears.ts")
      .then(({ hearing }) => hearing(recording, this.#model, this.#options.language))
      .catch(() => undefined)
      .finally(() => {
        recording.over = true;
      });
  }

  destroy(): void {
    this.#recording.stop.abort();
  }
}

function recorded(): Recording {
  const stop = new AbortController();
  const recording: Partial<Recording> = { text: "", over: false, stop };
  recording.pieces = streamOf<Piece>((push) => {
    recording.push = push;
    return new Promise<void>((resolve) => {
      recording.end = resolve;
      stop.signal.addEventListener("abort", () => resolve(), { once: true });
    });
  });
  return recording as Recording;
}
