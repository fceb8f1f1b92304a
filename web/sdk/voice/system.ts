/** The voices of the person's system (Web Speech). Only those that speak on this device: others send the text away. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Sentence } from "./sentences.ts";
import type { Speech } from "./speech.ts";

/** "system" is the one that the person set; "system:NAME" another. */
export const SYSTEM = "system";
/** Browsers list their voices late the first time. */
const LISTED_MS = 1_000;
/** Signs of Markdown, which a system would read out. */
const MARKUP = /[*_`#>|~]+/g;

const synthesis = (): SpeechSynthesis | undefined =>
  (globalThis as { speechSynthesis?: SpeechSynthesis }).speechSynthesis;

let listed: Promise<void> | undefined;

/** Those that speak without a network. */
export async function systemVoices(): Promise<SpeechSynthesisVoice[]> {
  const speech = synthesis();
  if (!speech) return [];
  if (speech.getVoices().length === 0) {
    // Where there are none, only the first who asks waits.
    listed ??= new Promise<void>((resolve) => {
      speech.addEventListener("voiceschanged", () => resolve(), { once: true });
      setTimeout(resolve, LISTED_MS);
    });
    await listed;
  }
  return speech.getVoices().filter(({ localService }) => localService);
}

interface SystemOptions {
  voice: string;
  rate: number;
  volume: number;
  signal?: AbortSignal;
}

/**
 * Lets the system speak each sentence, which comes twice: as it begins, and when it was heard.
 * @throws AlcoveError `model-not-found` for a voice that is not there; `cancelled`; `unsupported` for what the system
 *   refuses to say
 */
export async function* speakBySystem(
  sentences: AsyncIterable<Sentence>,
  { voice, rate, volume, signal }: SystemOptions,
): AsyncGenerator<Speech, void, undefined> {
  const voices = await systemVoices();
  const name = voice.slice(SYSTEM.length + 1);
  const chosen =
    name === ""
      ? (voices.find((each) => each.default) ?? voices[0])
      : voices.find((each) => each.name === name);
  const speech = synthesis();
  if (!speech || !chosen) {
    throw new AlcoveError("model-not-found", "This system has no such voice that speaks on this device.", {
      action: "Choose another one: alcove.voices() lists them.",
    });
  }
  for await (const { text, from, kind } of sentences) {
    const given = { samples: new Float32Array(), sampleRate: 0, text, from };
    if (kind === "code") {
      yield { ...given, last: true, skipped: ["a block of code"] };
      continue;
    }
    yield { ...given, last: false, skipped: [] };
    const said = new SpeechSynthesisUtterance(text.replace(MARKUP, " "));
    Object.assign(said, { voice: chosen, lang: chosen.lang, rate, volume });
    await uttered(speech, said, signal);
    yield { ...given, last: true, skipped: [] };
  }
}

function uttered(
  speech: SpeechSynthesis,
  said: SpeechSynthesisUtterance,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      speech.cancel();
      reject(new AlcoveError("cancelled", "Stopped."));
    };
    if (signal?.aborted) return stop();
    signal?.addEventListener("abort", stop, { once: true });
    said.addEventListener("end", () => {
      signal?.removeEventListener("abort", stop);
      resolve();
    });
    said.addEventListener("error", ({ error }) => {
      signal?.removeEventListener("abort", stop);
      const what = new AlcoveError("unsupported", "The system did not speak.", {
        action: "Choose another voice.",
        detail: error,
      });
      reject(
        error === "canceled" || error === "interrupted" ? new AlcoveError("cancelled", "Stopped.") : what,
      );
    });
    speech.speak(said);
  });
}
