/** What `STT` does, once it is first asked. */
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { home } from "../home.ts";
import { type LoadedEar, type Recording, STTModelType, type STTTranscriptionResult } from "./types.ts";

const RATE = 16_000;

/** Loads `model`: a second of silence has no words. */
async function warm(model: string | undefined): Promise<void> {
  const silence = { samples: new Float32Array(RATE), sampleRate: RATE };
  await (await home()).transcribe(silence, model ? { model } : {});
}

/** The model of that name, or undefined where what hears here stands in for a Whisper. @throws AlcoveError `unsupported` */
export async function standIn(modelId: string, type: STTModelType): Promise<string | undefined> {
  if (type !== STTModelType.Whisper) throw unknown(`${modelId} (${type})`);
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

const optionsOf = ({ model, language: loaded }: LoadedEar, language = loaded) => ({
  ...(model ? { model } : {}),
  ...(language ? { language } : {}),
});

export async function heard(
  audio: File | { samples: Float32Array; sampleRate: number },
  model: LoadedEar,
  language?: string,
): Promise<STTTranscriptionResult> {
  const began = performance.now();
  const transcript = await (await home()).transcribe(audio, optionsOf(model, language));
  const { text, language: detected } = transcript;
  const confidence = text ? 1 : 0;
  const words = transcript.words.map(({ text: word, start, end }) => ({
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
    ...(words.length ? { words } : {}),
  };
}

/** Hears a recording while it comes. */
export async function hearing(recording: Recording, model: LoadedEar, language?: string): Promise<void> {
  const onText = (text: string) => {
    recording.text = text;
  };
  const { signal } = recording.stop;
  const options = { ...optionsOf(model, language), signal, onText };
  const { text } = await (await home()).transcribe(recording.pieces, options);
  onText(text);
}
