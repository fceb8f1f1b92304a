/** What Python asks of the page's ears and voice (`py_app/bridge.py`). */
import { bytesOfBase64 } from "../../workers/engine/base64.ts";
import type { HearRequest, SayRequest } from "../../workers/python/protocol.ts";
import { beforeAbort } from "../../workers/wire/abort.ts";
import { siteBase } from "./base.ts";
import { base64 } from "./pictures/encode.ts";
import { alone, listener } from "./voice/listening.ts";
import { Loudspeaker } from "./voice/loudspeaker.ts";
import { Microphone } from "./voice/microphone.ts";
import { nextUtterance } from "./voice/next-utterance.ts";
import { WavFile } from "./voice/wav.ts";

/** The part of Alcove that hears and speaks. */
export interface Talking {
  transcribe(
    audio: Blob | { samples: Float32Array; sampleRate: number },
    options: { signal: AbortSignal; language?: string },
  ): Promise<{ text: string; seconds: number; language: string }>;
  speak(
    text: string,
    options: { signal: AbortSignal; voice?: string; rate?: number },
  ): AsyncIterable<{ samples: Float32Array; sampleRate: number }>;
}

/** Answers `hear`: what is said in a recording, or without one what the person says next. */
export async function hear(
  alcove: Talking,
  { audio, language }: HearRequest,
  signal: AbortSignal,
): Promise<{ text: string; seconds: number; language: string }> {
  const heard = audio === undefined ? await listen(signal) : new Blob([bytesOfBase64(audio)]);
  if (heard === null) return { text: "", seconds: 0, language: "" };
  const options = { signal, ...(language ? { language } : {}) };
  const { text, seconds, language: spoken } = await alcove.transcribe(heard, options);
  return { text, seconds, language: spoken };
}

/** Answers `say`: aloud, else as a WAV file in base64. */
export async function say(
  alcove: Talking,
  { text, voice, rate, aloud }: SayRequest,
  signal: AbortSignal,
): Promise<{ audio: string; seconds: number }> {
  const options = { signal, ...(voice ? { voice } : {}), ...(rate ? { rate } : {}) };
  const loudspeaker = aloud ? new Loudspeaker() : null;
  let file: WavFile | undefined;
  try {
    for await (const { samples, sampleRate } of alcove.speak(text, options)) {
      if (sampleRate === 0) continue;
      loudspeaker?.add(samples, sampleRate);
      file ??= new WavFile(sampleRate);
      file.add(samples);
    }
    if (loudspeaker) await beforeAbort(loudspeaker.finished(), signal);
  } finally {
    loudspeaker?.stop();
  }
  const seconds = file?.seconds ?? 0;
  return { audio: aloud || !file ? "" : await base64(file.blob()), seconds };
}

const listen = (signal: AbortSignal) =>
  nextUtterance({ microphone: new Microphone(), listen: listener(siteBase()), alone }, signal);
