/** RunAnywhere's `TTS`, over `alcove.speak`. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { TTSSynthesisResult, TTSSynthesizeOptions, TTSVoiceConfig } from "./voice/types.ts";

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
    const { opened } = await import("./voice/tts-voice.ts");
    const { voice, sampleRate } = await opened(voiceId, modelPath);
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
    const { voice, sampleRate } = loaded;
    return (await import("./voice/tts-voice.ts")).synthesized(text, voice, speed, sampleRate);
  },

  cleanup(): void {
    loaded = null;
  },
};
