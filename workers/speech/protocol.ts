/** What the speech worker answers. Audio is 16 kHz, mono, a number of -1 to 1 for each sample. */
import type { LoadProgress, ModelFile } from "../engine/contract.ts";
import type { NoArgs, Operation } from "../wire/rpc.ts";

/** Samples a second that everything here takes. */
export const SAMPLE_RATE = 16_000;
/** Samples of a frame of voice activity: 32 ms. */
export const FRAME = 512;

/** What the catalogue (`models/catalogue/speech/`) says of a model that hears. */
export interface SpeechModel {
  id: string;
  name: string;
  engine: "speech";
  family: "moonshine" | "whisper";
  license: string;
  about?: string;
  /** Those that it hears, by their codes. */
  languages: string[];
  /** The longest piece of audio that it takes well. */
  pieceSeconds: number;
  /** Whether it can put what it hears into English. */
  translates?: boolean;
  /** What hears, and what tells speech from everything else. */
  files: [ModelFile, ModelFile];
}

export interface LoadedEars {
  id: string;
  threads: number;
  program: string;
  loadMs: number;
}

/** A part of what was heard, in seconds of the audio that was given. */
export interface HeardPart {
  text: string;
  start: number;
  end: number;
}

/** What was heard in one piece of audio. */
export interface Heard {
  text: string;
  /** The code of the language, where the model found it out; else "". */
  language: string;
  /** Empty where the model gives no times. */
  segments: HeardPart[];
  words: HeardPart[];
  encodeMs: number;
  decodeMs: number;
}

export interface HearArgs {
  /** Id of a model that was loaded; another one that is open now is given up for it. */
  model: string;
  /** At most `pieceSeconds` of the model; longer ones are heard badly. */
  samples: Float32Array;
  /** A code of the model's `languages`; left out, it finds out, where it can. */
  language?: string | undefined;
  translate?: boolean | undefined;
}

interface ModelArgs {
  model: SpeechModel;
  /** Absolute URL of the root of the built site. */
  base: string;
}

export type SpeechProtocol = {
  /** What it is doing; for tests, and for whoever debugs. */
  describe: Operation<NoArgs, { model: LoadedEars | null; busy: boolean }>;
  /** Loading the model that is already loaded answers at once. */
  load: Operation<ModelArgs, LoadedEars, LoadProgress>;
  download: Operation<ModelArgs, void, LoadProgress>;
  /** Reads every byte of a model's files again; what has changed is set aside. */
  verify: Operation<ModelArgs, void, LoadProgress>;
  /** The ids of those models whose files are whole on this device. */
  cached: Operation<{ models: SpeechModel[]; base: string }, string[]>;
  /** Deletes a model's files, but for those that one of `known` needs which is on this device too. */
  remove: Operation<ModelArgs & { known: SpeechModel[] }, void>;
  /** Its items are signs of life. Pieces wait for each other. */
  hear: Operation<HearArgs, Heard, null>;
  /** How likely each frame of {@link FRAME} samples is speech, 0 to 1; a rest shorter than a frame counts as one. */
  activity: Operation<{ samples: Float32Array }, Float32Array, null>;
  unload: Operation<NoArgs, void>;
};

/** What the worker that computes answers: the program of engines/speech, in a thread of its own. */
export type ProgramProtocol = {
  /**
   * Starts the program and takes the files. Replies with the place of the number that stops a run, where memory is
   * shared; null where this build computes wrongly here.
   */
  start: Operation<StartArgs, { stop: SharedArrayBuffer; at: number } | "alone" | null, number>;
  hear: Operation<HearArgs, Heard>;
  activity: Operation<{ samples: Float32Array }, Float32Array>;
};

export interface StartArgs {
  /** Absolute URLs. */
  script: string;
  wasm: string;
  threads: number;
  /** What hears, and the voice activity. */
  files: Blob[];
}
