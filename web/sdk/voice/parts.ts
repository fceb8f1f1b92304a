/** What a conversation by voice is made of; the real ones are put together in open-voice.ts. */
import type { Listening } from "../../../workers/activity/client.ts";
import type { ActivityEvent } from "../../../workers/activity/protocol.ts";
import type { AlcoveError } from "../../../workers/wire/errors.ts";
import type { ChatEvent, SendOptions } from "../sessions/turn.ts";

export interface Heard {
  samples: Float32Array<ArrayBuffer>;
  sampleRate: number;
}

/** A piece of a voice. */
export interface SpokenPiece {
  samples: Float32Array<ArrayBuffer>;
  /** Hz; 0 where the system speaks by itself. */
  sampleRate: number;
  /** The sentence that it is a part of, as it was written. */
  text: string;
  /** Where that begins in all that was given. */
  from: number;
}

/** What a conversation by voice asks of the session that answers. */
export interface SpokenChat {
  send(text: string, options?: SendOptions): AsyncIterable<ChatEvent>;
  /** The last answer ends with what was heard of it. */
  shorten(answer: string): Promise<void>;
  takeBack(): Promise<void>;
}

export interface VoiceParts {
  chat: SpokenChat;
  microphone: EventTarget & {
    start(): Promise<void>;
    stop(): void;
    tap(): MessagePort;
    readonly muted: boolean;
  };
  /** Starts listening, in a worker of its own each time. */
  listen(
    port: MessagePort,
    onEvent: (event: ActivityEvent) => void,
    onEnd: (error: AlcoveError) => void,
  ): Listening;
  transcribe(heard: Heard, signal: AbortSignal): Promise<string>;
  speak(text: AsyncIterable<string>, signal: AbortSignal): AsyncIterable<SpokenPiece>;
  playback: {
    add(samples: Float32Array, sampleRate: number): void;
    stop(): number;
    finished(): Promise<void>;
    loudness(seconds: number): number;
    readonly heard: number;
    readonly playing: boolean;
  };
  /** The page's sound: while it does not run, nothing is heard and nothing played. */
  sound: Pick<BaseAudioContext, "state" | "addEventListener" | "removeEventListener">;
  /** Tells "close" when all of Alcove ends. */
  closing: EventTarget;
  /** Holds the ears of all tabs until the signal aborts. @throws AlcoveError `busy` */
  alone(signal: AbortSignal): Promise<void>;
}
