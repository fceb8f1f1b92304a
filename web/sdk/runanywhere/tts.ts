/** RunAnywhere's `TTS`, over `alcove.speak`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { home } from "./home.ts";

export interface TTSVoiceConfig {
  /** One of Alcove's voices; any name of a Piper voice stands for the one that this site has. */
  voiceId: string;
  /** Accepted, with what follows: Alcove has files of its own. */
  modelPath: string;
  tokensPath: string;
  dataDir?: string;
  lexicon?: string;
  numThreads?: number;
}

export interface TTSSynthesizeOptions {
  /** Alcove's voices have one speaker: 0. */
  speakerId?: number;
  /** From 0.5 to 2. */
  speed?: number;
}

export interface TTSSynthesisResult {
  audioData: Float32Array;
  sampleRate: number;
  durationMs: number;
  processingTimeMs: number;
}

interface Loaded {
  /** As whoever loaded it calls it, and as Alcove does. */
  id: string;
  voice: string;
  sampleRate: number;
}

let loaded: Loaded | null = null;

export const TTS = {
  extensionName: "TTS",

  /** @throws AlcoveError `unsupported` for what is no voice of Alcove's and no Piper voice; what a load fails with */
  async loadVoice({ voiceId, modelPath }: TTSVoiceConfig): Promise<void> {
    const voices = (await (await home()).voices()).filter(({ kind }) => kind === "model");
    const named = voices.find(({ id }) => id === voiceId);
    const piper = /piper|vits/i.test(`${voiceId} ${modelPath}`) ? voices[0] : undefined;
    const voice = (named ?? piper)?.id;
    if (voice === undefined) {
      throw new AlcoveError("unsupported", `Alcove cannot speak with "${voiceId}".`, {
        action: "Load a Piper voice, or one that alcove.voices() lists.",
      });
    }
    // Its first sound tells that it is loaded.
    const { sampleRate } = await synthesized("Hello.", voice, 1);
    loaded = { id: voiceId, voice, sampleRate };
  },

  async unloadVoice(): Promise<void> {
    loaded = null;
  },

  get isVoiceLoaded(): boolean {
    return loaded !== null;
  },

  /** As it was loaded; empty while none is. */
  get voiceId(): string {
    return loaded?.id ?? "";
  },

  /** Hz; 0 while none is loaded. */
  get sampleRate(): number {
    return loaded?.sampleRate ?? 0;
  },

  get numSpeakers(): number {
    return loaded ? 1 : 0;
  },

  /** @throws AlcoveError `model-not-found` before a voice is loaded; as `alcove.speak` */
  async synthesize(text: string, { speed = 1 }: TTSSynthesizeOptions = {}): Promise<TTSSynthesisResult> {
    if (!loaded) {
      throw new AlcoveError("model-not-found", "No voice is loaded.", {
        action: "Call TTS.loadVoice() first.",
      });
    }
    return synthesized(text, loaded.voice, speed, loaded.sampleRate);
  },

  cleanup(): void {
    loaded = null;
  },
};

/** @param rate Hz of what has nothing to say */
async function synthesized(
  text: string,
  voice: string,
  speed: number,
  rate = 0,
): Promise<TTSSynthesisResult> {
  const began = performance.now();
  const pieces: Float32Array[] = [];
  let sampleRate = rate;
  for await (const piece of (await home()).speak(text, { voice, rate: speed })) {
    pieces.push(piece.samples);
    sampleRate = piece.sampleRate;
  }
  const audioData = joined(pieces);
  const durationMs = sampleRate ? (audioData.length / sampleRate) * 1000 : 0;
  return { audioData, sampleRate, durationMs, processingTimeMs: performance.now() - began };
}

export function joined(pieces: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
