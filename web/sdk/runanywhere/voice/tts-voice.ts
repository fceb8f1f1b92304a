/** What `TTS` does, once it is first asked. */
import { joined } from "../../../../workers/sound/joined.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { home } from "../home.ts";
import type { TTSSynthesisResult } from "./types.ts";

/**
 * The voice of Alcove's that is meant, loaded, and the rate of its sound in Hz.
 * @throws AlcoveError `unsupported`
 */
export async function opened(
  voiceId: string,
  modelPath: string,
): Promise<{ voice: string; sampleRate: number }> {
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
  return { voice, sampleRate };
}

/** @param rate Hz of what has nothing to say */
export async function synthesized(
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
