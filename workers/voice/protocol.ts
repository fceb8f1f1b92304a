/** What the worker that speaks answers. */
import type { LoadProgress, VoiceModel } from "../engine/contract.ts";
import type { Operation } from "../wire/rpc.ts";

export type VoiceProtocol = {
  /** Opens a voice; `files` are the model's, in its order. The worker knows it from then on. */
  load: Operation<{ model: VoiceModel; files: Blob[]; base: string }, LoadedVoice, LoadProgress>;
  /** Speaks one passage, after those that were asked for before. */
  say: Operation<Passage, Said, Float32Array<ArrayBuffer>>;
};

/** A voice that can speak. */
export interface LoadedVoice {
  id: string;
  /** Of all that it says, in Hz. */
  sampleRate: number;
  threads: number;
  loadMs: number;
}

/** What is to be said: a sentence, or a part of one. */
export interface Passage {
  /** Id of a voice that was loaded; another one that speaks now is given up for it. */
  voice: string;
  text: string;
  /** From 0.5 to 2; 1 as the voice speaks by itself. */
  rate: number;
}

/** What became of a passage. */
export interface Said {
  /** The words as they were said: "twelve dollars" for "$12". Empty where there was nothing to say. */
  words: string;
  /** What was left out, in words for a person: "an emoji", "text in Chinese". */
  skipped: string[];
}
