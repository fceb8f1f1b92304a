/** A conversation by voice whose ears, session, voice and loudspeaker do what a test says. */

import type { ChatEvent, SendOptions } from "../../../../web/sdk/sessions/turn.ts";
import {
  VoiceConversation,
  type VoiceOptions,
  type VoiceState,
} from "../../../../web/sdk/voice/conversation.ts";
import type { VoiceParts } from "../../../../web/sdk/voice/parts.ts";
import type { ActivityEvent } from "../../../../workers/activity/protocol.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";

/** Lets everything that waits for nothing else go on. */
export async function settled(): Promise<void> {
  for (let round = 0; round < 8; round++) await soon();
}

const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

class FakeMicrophone extends EventTarget {
  muted = false;
  running = false;
  fails: AlcoveError | null = null;

  async start(): Promise<void> {
    if (this.fails) throw this.fails;
    this.running = true;
  }

  stop(): void {
    this.running = false;
  }

  tap(): MessagePort {
    return {} as MessagePort;
  }
}

/** A second of sound a word. */
class FakePlayback {
  heard = 0;
  playing = false;
  loud = 0;
  stops = 0;
  #finish: () => void = () => undefined;
  added: number[] = [];

  add(samples: Float32Array, sampleRate: number): void {
    this.playing = true;
    this.added.push(samples.length / sampleRate);
  }

  stop(): number {
    this.stops += 1;
    return this.#over();
  }

  /** All of it has been heard. */
  end(): void {
    this.heard = this.added.reduce((sum, seconds) => sum + seconds, 0);
    this.playing = false;
    this.#finish();
  }

  async finished(): Promise<void> {
    if (this.playing) await new Promise<void>((resolve) => (this.#finish = resolve));
  }

  loudness(): number {
    return this.playing ? this.loud : 0;
  }

  #over(): number {
    const { heard } = this;
    this.heard = 0;
    this.playing = false;
    this.added = [];
    this.#finish();
    return heard;
  }
}

export class Scripted {
  readonly microphone = new FakeMicrophone();
  readonly playback = new FakePlayback();
  readonly sound = Object.assign(new EventTarget(), { state: "running" as AudioContextState });
  readonly closing = new EventTarget();
  readonly conversation: VoiceConversation;
  readonly states: VoiceState[] = [];
  readonly heard: string[] = [];
  readonly errors: AlcoveError[] = [];
  /** What was asked of the parts, in order. */
  readonly log: string[] = [];
  /** What the next utterances are. */
  words: (string | AlcoveError)[] = [];
  /** What the session says; it waits for {@link more} after each piece but the last. Empty: it never begins. */
  answer: (string | AlcoveError | ChatEvent)[] = [];
  /** What it says in the end where it never began, and was stopped. */
  refused = new AlcoveError("cancelled", "Stopped.");
  voiceFails: AlcoveError | null = null;
  busy: AlcoveError | null = null;
  /** Calls that run. */
  running = 0;
  #tell: (event: ActivityEvent) => void = () => undefined;
  #die: (error: AlcoveError) => void = () => undefined;
  #more: () => void = () => undefined;

  constructor(options: VoiceOptions = {}) {
    this.conversation = new VoiceConversation(this.#parts(), options);
    const on = (name: string, hear: (detail: never) => void) =>
      this.conversation.addEventListener(name, (event) => hear((event as CustomEvent).detail as never));
    on("state", (state: VoiceState) => this.states.push(state));
    on("heard", ({ text, final }: { text: string; final: boolean }) =>
      this.heard.push(final ? text : `${text}…`),
    );
    on("error", (error: AlcoveError) => this.errors.push(error));
  }

  tell(...events: ActivityEvent[]): void {
    for (const event of events) this.#tell(event);
  }

  die(error: AlcoveError): void {
    this.#die(error);
  }

  /** Somebody says the next of {@link words}. */
  async say(): Promise<void> {
    this.tell({ kind: "started" }, { kind: "ended", samples: new Float32Array(16_000), at: 0 });
    await settled();
  }

  /** So many frames of somebody's voice. */
  frames(count: number, { probability = 0.9, level = 0.1 } = {}): void {
    for (let at = 0; at < count; at++) this.tell({ kind: "frame", probability, level });
  }

  async more(): Promise<void> {
    this.#more();
    await settled();
  }

  #parts(): VoiceParts {
    return {
      chat: {
        send: (text, options) => this.#send(text, options),
        shorten: async (answer) => void this.log.push(`shorten: ${answer}`),
        takeBack: async () => void this.log.push("takeBack"),
      },
      microphone: this.microphone,
      listen: (_, onEvent, onEnd) => {
        this.log.push("listen");
        this.#tell = onEvent;
        this.#die = onEnd;
        const note = (name: string) => () => void this.log.push(name);
        return {
          hint: (complete) => void this.log.push(`hint: ${complete}`),
          hold: note("hold"),
          release: note("release"),
          cut: note("cut"),
          forget: note("forget"),
          stop: note("stop listening"),
        };
      },
      transcribe: async (_, signal) => {
        await soon();
        const words = signal.aborted ? "" : (this.words.shift() ?? "");
        if (typeof words !== "string") throw words;
        return words;
      },
      speak: (text) => this.#speak(text),
      playback: this.playback,
      sound: this.sound,
      closing: this.closing,
      alone: async () => {
        if (this.busy) throw this.busy;
      },
    };
  }

  async *#send(text: string, { signal }: SendOptions = {}): AsyncGenerator<ChatEvent> {
    this.log.push(`send: ${text}`);
    this.running += 1;
    const stopped = new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
    try {
      if (this.answer.length === 0) {
        await stopped;
        throw this.refused;
      }
      for (const [at, piece] of this.answer.entries()) {
        if (signal?.aborted) break;
        if (piece instanceof AlcoveError) throw piece;
        yield typeof piece === "string" ? { type: "text", text: piece } : piece;
        if (at === this.answer.length - 1) break;
        await Promise.race([stopped, new Promise<void>((resolve) => (this.#more = resolve))]);
      }
      yield { type: "end", text: "", finishReason: signal?.aborted ? "cancelled" : "stop" };
    } finally {
      this.running -= 1;
    }
  }

  async *#speak(text: AsyncIterable<string>): ReturnType<VoiceParts["speak"]> {
    let from = 0;
    for await (const piece of text) {
      from += piece.length;
      if (this.voiceFails) throw this.voiceFails;
      if (!piece.trim()) continue;
      const words = piece.trim().split(/\s+/).length;
      yield {
        samples: new Float32Array(words * 100),
        sampleRate: 100,
        text: piece,
        from: from - piece.length,
      };
    }
  }
}
