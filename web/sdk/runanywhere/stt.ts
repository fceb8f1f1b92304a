/** RunAnywhere's `STT`, over `alcove.transcribe`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { home } from "./home.ts";

export const STTModelType = { Whisper: "whisper", Zipformer: "zipformer", Paraformer: "paraformer" } as const;
export type STTModelType = (typeof STTModelType)[keyof typeof STTModelType];

export interface STTModelConfig {
  /** One of Alcove's, or any name of a Whisper: then a Whisper of this site hears, else what else hears here. */
  modelId: string;
  type: STTModelType;
  /** Accepted: Alcove has files of its own. */
  modelFiles: Record<string, string>;
  /** Of the samples; default 16,000. */
  sampleRate?: number;
  language?: string;
}

export interface STTTranscribeOptions {
  language?: string;
  sampleRate?: number;
}

export interface STTWord {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number;
}

export interface STTTranscriptionResult {
  text: string;
  /** Alcove's models tell none: 1 where there are words, else 0. */
  confidence: number;
  detectedLanguage?: string;
  processingTimeMs: number;
  words?: STTWord[];
}

export interface STTStreamingSession {
  /** Takes the next samples. */
  acceptWaveform(samples: Float32Array, sampleRate?: number): void;
  inputFinished(): void;
  /** The words so far; `isEndpoint` once all that came has been heard. */
  getResult(): { text: string; isEndpoint: boolean };
  reset(): void;
  destroy(): void;
}

const RATE = 16_000;

interface Loaded {
  /** As whoever loaded it calls it. */
  id: string;
  type: STTModelType;
  /** One of Alcove's; undefined for whatever hears here. */
  model: string | undefined;
  language: string | undefined;
  rate: number;
}

let loaded: Loaded | null = null;

function needed(): Loaded {
  if (loaded) return loaded;
  throw new AlcoveError("model-not-found", "No model that hears is loaded.", {
    action: "Call STT.loadModel() first.",
  });
}

/** Loads `model`: a second of silence has no words. */
async function warm(model: string | undefined): Promise<void> {
  const silence = { samples: new Float32Array(RATE), sampleRate: RATE };
  await (await home()).transcribe(silence, model ? { model } : {});
}

/** The model of that name, or what stands in for a Whisper. @throws AlcoveError `unsupported` */
async function standIn(modelId: string): Promise<string | undefined> {
  try {
    await warm(modelId);
    return modelId;
  } catch (thrown) {
    if ((thrown as AlcoveError).code !== "model-not-found") throw thrown;
  }
  if (!/whisper|moonshine/i.test(modelId)) throw unknown(modelId);
  await warm(undefined);
  return undefined;
}

const unknown = (modelId: string): AlcoveError =>
  new AlcoveError("unsupported", `Alcove cannot run "${modelId}".`, {
    action: "Load a Whisper, or one of the models that Alcove lists.",
  });

export const STT = {
  extensionName: "STT",

  /** @throws AlcoveError `unsupported` for another type than Whisper; what a load fails with */
  async loadModel({ modelId, type, sampleRate = RATE, language }: STTModelConfig): Promise<void> {
    if (type !== STTModelType.Whisper) throw unknown(`${modelId} (${type})`);
    const model = await standIn(modelId);
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
  transcribe(samples: Float32Array, options: STTTranscribeOptions = {}): Promise<STTTranscriptionResult> {
    const { rate } = needed();
    return heard({ samples, sampleRate: options.sampleRate ?? rate }, options.language);
  },

  /** Any file that the browser decodes. */
  transcribeFile(file: File, options: STTTranscribeOptions = {}): Promise<STTTranscriptionResult> {
    needed();
    return heard(file, options.language);
  },

  createStreamingSession(options: STTTranscribeOptions = {}): STTStreamingSession {
    return new Streaming(needed(), options);
  },

  cleanup(): void {
    loaded = null;
  },
};

async function heard(
  audio: File | { samples: Float32Array; sampleRate: number },
  language = needed().language,
): Promise<STTTranscriptionResult> {
  const { model } = needed();
  const began = performance.now();
  const options = { ...(model ? { model } : {}), ...(language ? { language } : {}) };
  const { text, words, language: detected } = await (await home()).transcribe(audio, options);
  const confidence = text ? 1 : 0;
  const told = words.map(({ text: word, start, end }) => ({
    text: word,
    startMs: start * 1000,
    endMs: end * 1000,
    confidence,
  }));
  return {
    text,
    confidence,
    ...(detected ? { detectedLanguage: detected } : {}),
    processingTimeMs: performance.now() - began,
    ...(told.length ? { words: told } : {}),
  };
}

/** One recording that is heard while it comes. */
class Streaming implements STTStreamingSession {
  readonly #model: Loaded;
  readonly #options: STTTranscribeOptions;
  #push: (samples: { samples: Float32Array; sampleRate: number } | null) => void = () => undefined;
  #stop = new AbortController();
  #text = "";
  #over = false;

  constructor(model: Loaded, options: STTTranscribeOptions) {
    this.#model = model;
    this.#options = options;
    this.#begin();
  }

  acceptWaveform(samples: Float32Array, sampleRate = this.#options.sampleRate ?? this.#model.rate): void {
    this.#push({ samples, sampleRate });
  }

  inputFinished(): void {
    this.#push(null);
  }

  getResult(): { text: string; isEndpoint: boolean } {
    return { text: this.#text, isEndpoint: this.#over };
  }

  reset(): void {
    this.destroy();
    this.#begin();
  }

  destroy(): void {
    this.#stop.abort();
  }

  #begin(): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.#text = "";
    this.#over = false;
    const pieces = new ReadableStream<{ samples: Float32Array; sampleRate: number }>({
      start: (given) => {
        let open = true;
        this.#push = (piece) => {
          if (open && piece) given.enqueue(piece);
          else if (open) given.close();
          open &&= piece !== null;
        };
      },
    });
    const { model } = this.#model;
    const language = this.#options.language ?? this.#model.language;
    const options = { ...(model ? { model } : {}), ...(language ? { language } : {}) };
    const onText = (text: string) => {
      if (this.#stop === stop) this.#text = text;
    };
    void home()
      .then((alcove) => alcove.transcribe(read(pieces), { ...options, signal: stop.signal, onText }))
      .then(({ text }) => onText(text))
      .catch(() => undefined)
      .finally(() => {
        if (this.#stop === stop) this.#over = true;
      });
  }
}

/** Not every browser iterates a stream. */
async function* read<T>(stream: ReadableStream<T>): AsyncGenerator<T> {
  const reader = stream.getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}
