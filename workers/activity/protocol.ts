/** What crosses between the page and the worker that tells speech from silence, and between the page and its worklet. */
import type { Operation } from "../wire/rpc.ts";

/** Samples a second that speech models take. */
export const SPEECH_RATE = 16_000;

/** What comes out of a microphone's port. */
export interface SoundFrame {
  /** 512 of them: 32 ms. */
  samples: Float32Array<ArrayBuffer>;
  /** How loud it is: the root of the mean square, 0 to 1. */
  level: number;
}

/** Milliseconds, where nothing else is said. */
export interface ListenOptions {
  /** From which probability on (0 to 1) a frame is speech; default 0.5. It stays speech down to 0.15 less. */
  threshold?: number;
  /** What is kept of the time before speech was recognised; default 400. */
  preRollMs?: number;
  /** Less speech than this is none; default 200. */
  minSpeechMs?: number;
  /** After so much silence it is told that there is a pause; default 350. */
  pauseMs?: number;
  /** After so much silence an utterance has ended; default 900. A hint makes it less or more. */
  silenceMs?: number;
  /** An utterance of this length ends whatever comes; default 60,000. */
  maxSpeechMs?: number;
}

/** What is told of the sound, in order of happening. */
export type ActivityEvent =
  /** Of every frame. */
  | { kind: "frame"; probability: number; level: number }
  /** Somebody speaks. */
  | { kind: "started" }
  /** They pause: the sound so far, from before its first word to after its last. */
  | { kind: "paused"; samples: Float32Array<ArrayBuffer> }
  /** They go on. */
  | { kind: "resumed" }
  /** They are done: all of the utterance. `at`: seconds from the begin of listening to that of the samples. */
  | { kind: "ended"; samples: Float32Array<ArrayBuffer>; at: number }
  /** It was too short to be speech. */
  | { kind: "dropped" };

/** Which of those who listen. */
interface Listener {
  id: string;
}

export type ActivityProtocol = {
  /** Gets the network's weights, which the first who listens gets otherwise. */
  load: Operation<{ weights: string }, void>;
  /** Listens to the {@link SoundFrame}s that come out of `port` until it is cancelled. */
  listen: Operation<
    Listener & { weights: string; port: MessagePort; options: ListenOptions },
    void,
    ActivityEvent
  >;
  /** What the words so far say: whether they are a whole sentence. Counts until speech goes on. */
  hint: Operation<Listener & { complete: boolean }, void>;
  /** What comes from now on is one utterance, until it is released. */
  hold: Operation<Listener, void>;
  /** Ends the utterance at once. */
  release: Operation<Listener, void>;
  /** The utterance under way begins now, with what is kept of the time before. */
  cut: Operation<Listener, void>;
  /** Forgets the utterance under way. */
  forget: Operation<Listener, void>;
};

/** What the page tells the worklet; with "tap" comes a port that gets every frame. It tells the page how loud each is. */
export interface ToWorklet {
  kind: "tap" | "end";
}
