/** Text to sound: sentence by sentence, and within a sentence, as it is made. */
import type { VoiceModel } from "../../../workers/engine/contract.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { stoppable } from "../../../workers/wire/stream.ts";
import { keepAwake } from "../engines/idle.ts";
import type { VoiceEngine } from "../engines/roster.ts";
import type { Models } from "../models/catalogue.ts";
import { speaking } from "../models/voices.ts";
import { type Sentence, Sentences } from "./sentences.ts";
import type { Speech } from "./speech.ts";
import { SYSTEM, speakBySystem } from "./system.ts";

export interface SpeakOptions {
  /**
   * A voice of `alcove.voices()`; left out, the one that speaks already, else the first of this site. "system", or one of
   * the system's, speaks by itself: what comes has no samples then.
   */
  voice?: string;
  /** From 0.5 to 2; 1 as the voice speaks by itself. */
  rate?: number;
  /** From 0 to 1. */
  volume?: number;
  signal?: AbortSignal;
}

/** So many seconds of sound are made before somebody takes them. */
const AHEAD_S = 20;
/** Seconds of silence after a sentence, and after a paragraph. */
const PAUSE = { sentence: 0.12, paragraph: 0.4 };
const RATE = { least: 0.5, most: 2 };

interface Speaking {
  models: Models;
  engine: VoiceEngine;
}

/** See `Alcove.speak`. */
export function speak(
  text: string | AsyncIterable<string>,
  options: SpeakOptions,
  { models, engine }: Speaking,
): AsyncGenerator<Speech, void, undefined> {
  const { voice, rate = 1, volume = 1, signal } = options;
  checkNumber("rate", rate, RATE.least, RATE.most);
  checkNumber("volume", volume, 0, 1);
  if (voice?.startsWith(SYSTEM)) return speakBySystem(sentencesOf(text), { ...options, voice, rate, volume });

  const taken = new Taken();
  const made = stoppable<Speech>(async (push, stop) => {
    const sentences = sentencesOf(text);
    const letGo = keepAwake(engine);
    try {
      const spec = await chosen(voice, models, engine);
      for (;;) {
        const { value: sentence, done } = await beforeAbort(sentences.next(), stop);
        if (done) return;
        const { sampleRate } = await engine.ensure(spec, stop);
        const { text: written, from } = sentence;
        const give = (samples: Float32Array<ArrayBuffer>, more: Partial<Speech> = {}) => {
          taken.made(samples.length / sampleRate);
          if (volume !== 1) for (const at of samples.keys()) samples[at] = (samples[at] as number) * volume;
          push({ samples, sampleRate, text: written, from, last: false, skipped: [], ...more });
        };
        const { words, skipped } =
          sentence.kind === "code"
            ? { words: "", skipped: ["a block of code"] }
            : await beforeAbort(engine.client.say({ voice: spec.id, text: written, rate }, give, stop), stop);
        const pause = words === "" ? 0 : sentence.ends ? PAUSE.paragraph : PAUSE.sentence;
        give(new Float32Array(Math.round(pause * sampleRate)), { last: true, skipped });
        await beforeAbort(taken.upTo(AHEAD_S), stop);
      }
    } finally {
      letGo();
      void sentences.return();
    }
  }, signal);
  return taken.counting(made, signal);
}

/** How much sound was made, and how much of it was taken. */
class Taken {
  #ahead = 0;
  #wake: () => void = () => undefined;

  made(seconds: number): void {
    this.#ahead += seconds;
  }

  /** Resolves when no more than `seconds` wait. */
  async upTo(seconds: number): Promise<void> {
    while (this.#ahead > seconds) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** What was made before a stop is not given out after it. */
  async *counting(
    made: AsyncGenerator<Speech, void>,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<Speech, void, undefined> {
    for await (const speech of made) {
      if (signal?.aborted) throw new AlcoveError("cancelled", "Stopped.");
      this.#ahead -= speech.samples.length / speech.sampleRate;
      this.#wake();
      yield speech;
    }
  }
}

/** The sentences of a text, each as soon as it is whole. */
async function* sentencesOf(text: string | AsyncIterable<string>): AsyncGenerator<Sentence, void> {
  const sentences = new Sentences();
  if (typeof text === "string") yield* sentences.push(text);
  else for await (const piece of text) yield* sentences.push(piece);
  yield* sentences.end();
}

/** The one that is named; else the one that speaks already, the first of this site, or one on this device. */
async function chosen(id: string | undefined, models: Models, engine: VoiceEngine): Promise<VoiceModel> {
  const wanted = id ?? engine.wanted;
  if (wanted !== undefined) return speaking(await models.findAny(wanted));
  const entries = (await models.list()).filter(({ goodFor }) => goodFor.includes("voice"));
  const entry = entries.find(({ shipped }) => shipped) ?? entries.find(({ cached }) => cached);
  if (entry) return speaking(await models.findAny(entry.id));
  throw new AlcoveError("model-not-found", "There is no voice on this device yet.", {
    action: "Choose one: alcove.voices() lists those that can be had.",
  });
}

function checkNumber(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new AlcoveError("bad-request", `The ${name} is ${value}.`, {
    action: `Give a number from ${least} to ${most}.`,
  });
}
