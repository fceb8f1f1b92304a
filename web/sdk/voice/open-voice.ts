/** A conversation by voice, put together of what a page has: see `Alcove.openVoice`. */
import { SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { VoiceConversation, type VoiceOptions } from "./conversation.ts";
import { alone, listener } from "./listening.ts";
import { Loudspeaker } from "./loudspeaker.ts";
import { Microphone, type MicrophoneOptions } from "./microphone.ts";
import type { Heard, SpokenChat, SpokenPiece, VoiceParts } from "./parts.ts";
import { sound } from "./sound.ts";
import { SYSTEM } from "./system.ts";

export interface OpenVoiceOptions extends VoiceOptions {
  /** The session that answers, or whatever asks one. */
  chat: SpokenChat;
  /** Of {@link MicrophoneOptions}: which one, and what the browser does with its sound. */
  microphone?: MicrophoneOptions;
  /** A model that hears; left out, the one of `alcove.transcribe`. */
  model?: string;
  /** The code of the language that is spoken ("en"). */
  language?: string;
  /** A voice of `alcove.speak`, and how fast it speaks. */
  voice?: string;
  rate?: number;
}

/** The part of Alcove that hears and speaks. */
interface Talking {
  transcribe(
    heard: Heard,
    options: { signal: AbortSignal; model?: string; language?: string },
  ): Promise<{ text: string }>;
  speak(
    text: AsyncIterable<string>,
    options: { signal: AbortSignal; voice?: string; rate?: number },
  ): AsyncIterable<SpokenPiece>;
}

/**
 * @param base absolute URL of the root of the built site
 * @param closing tells "close" when all of Alcove ends
 */
export function openVoice(
  alcove: Talking,
  options: OpenVoiceOptions,
  base: string,
  closing: EventTarget,
): VoiceConversation {
  const { chat, model, language, voice, rate } = options;
  const ears = { ...(model ? { model } : {}), ...(language ? { language } : {}) };
  const mouth = { ...(voice ? { voice } : {}), ...(rate ? { rate } : {}) };
  const parts: VoiceParts = {
    chat,
    microphone: new Microphone(options.microphone),
    listen: listener(base),
    transcribe: async (heard, signal) => (await alcove.transcribe(heard, { ...ears, signal })).text,
    speak: (text, signal) => alcove.speak(text, { ...mouth, signal }),
    playback: new Loudspeaker(),
    sound: sound(),
    closing,
    alone,
  };
  // Both models come while the person begins to speak; what fails is told when they are needed.
  const silence = { samples: new Float32Array(SPEECH_RATE), sampleRate: SPEECH_RATE };
  void parts.transcribe(silence, NEVER).catch(() => undefined);
  // A voice of the system is there, and would be heard.
  if (!voice?.startsWith(SYSTEM)) {
    void nothingSaid(alcove.speak(said("."), { ...mouth, signal: NEVER })).catch(() => undefined);
  }
  return new VoiceConversation(parts, options);
}

const NEVER = new AbortController().signal;

async function* said(text: string): AsyncGenerator<string> {
  yield text;
}

async function nothingSaid(pieces: AsyncIterable<SpokenPiece>): Promise<void> {
  for await (const _ of pieces);
}
