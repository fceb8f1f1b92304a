/** One answer, spoken while it is written. */
import { type AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { streamOf } from "../../../workers/wire/stream.ts";
import type { ChatEvent } from "../sessions/turn.ts";
import type { SpokenPiece, VoiceParts } from "./parts.ts";
import { heardOf, type Spoken } from "./words.ts";

interface TurnCalls {
  onEvent: (event: ChatEvent) => void;
  /** Sound of this text begins to be played, or waits behind other sound. */
  onSpeaking: (text: string) => void;
  /** The voice failed: the answer goes on as text. */
  onVoiceError: (error: AlcoveError) => void;
}

/** What a message failed with that never came into the conversation: stopped before it was sent, or another tab answers. */
const NOT_SENT: readonly string[] = ["cancelled", "busy"];

export class SpokenTurn {
  readonly #parts: VoiceParts;
  readonly #calls: TurnCalls;
  readonly #stopped = new AbortController();
  readonly #spoken: Spoken[] = [];
  /** The answer so far. */
  #answer = "";
  /** Where its present step begins, and parts of it that turned out to be thoughts. */
  #step = 0;
  readonly #thoughts: { from: number; to: number }[] = [];
  /** A tool was called, or the person asked. */
  #acted = false;
  /** Something of the session came. */
  #arrived = false;
  #kept = false;
  #silent = false;
  #bySystem = false;
  #played = 0;
  /** Seconds that had been played before it. */
  readonly #before: number;

  constructor(parts: VoiceParts, calls: TurnCalls) {
    this.#parts = parts;
    this.#before = parts.playback.heard;
    this.#calls = calls;
  }

  /** What has been said so far, as sound. */
  get said(): string {
    return this.#spoken.map(({ text }) => text).join(" ");
  }

  /** Whether anything of it has been given to the loudspeaker. */
  get sounds(): boolean {
    return this.#spoken.length > 0;
  }

  /** Whether it cannot be taken back: something of it was heard, can be read because there is no voice, or was done. */
  get begun(): boolean {
    return this.sounds || this.#acted || (this.#silent && this.#answer.trim() !== "");
  }

  /** Whether the message is in the transcript: one that was stopped before it was sent is not. */
  get kept(): boolean {
    return this.#kept;
  }

  /** Whether the system speaks: how loud it is nobody knows. */
  get bySystem(): boolean {
    return this.#bySystem;
  }

  /** The part of the answer that was heard; where there is no voice, all of it can be read. */
  get heard(): string {
    const seconds = this.stopped ? this.#played : this.#parts.playback.heard - this.#before;
    const all = this.bySystem ? Number.POSITIVE_INFINITY : seconds;
    const heard = this.#silent ? this.#answer : heardOf(this.#answer, this.#spoken, all);
    // The last one first: those before stay where they are.
    return this.#thoughts.reduceRight((text, { from, to }) => text.slice(0, from) + text.slice(to), heard);
  }

  get stopped(): boolean {
    return this.#stopped.signal.aborted;
  }

  /** Stops tokens and sound at once. */
  stop(): void {
    if (this.stopped) return;
    this.#played = this.#parts.playback.stop() - this.#before;
    this.#stopped.abort();
  }

  /**
   * Sends `text`, and resolves when the answer has been heard to its end, or was stopped and the session is free.
   * @throws AlcoveError what the session failed with, unless it was stopped
   */
  async run(text: string): Promise<void> {
    let push: (piece: string) => void = () => undefined;
    const asked = this.#ask(text, (piece) => push(piece));
    const pieces = streamOf<string>((given) => {
      push = given;
      // What was written before a failure is still spoken.
      return asked.catch(() => undefined);
    });
    await this.#speak(pieces);
    // A voice that ended early leaves the answer to be read.
    const failure = await asked.then(() => undefined, toAlcoveError);
    this.#kept = this.#arrived || !NOT_SENT.includes(failure?.code ?? "");
    if (this.stopped) return;
    await this.#parts.playback.finished();
    if (failure && !this.stopped) throw failure;
  }

  async #ask(text: string, push: (piece: string) => void): Promise<void> {
    for await (const event of this.#parts.chat.send(text, { signal: this.#stopped.signal })) {
      this.#arrived = true;
      this.#calls.onEvent(event);
      this.#acted ||= event.type === "tool" || event.type === "approval";
      if (event.agent) continue;
      if (event.type === "text") {
        this.#answer += event.text;
        push(event.text);
      } else if (event.type === "tool" || event.type === "thinking") {
        const instead = event.type === "thinking" && event.instead;
        if (instead) this.#thoughts.push({ from: this.#step, to: this.#answer.length });
        this.#step = this.#answer.length;
      }
    }
  }

  async #speak(pieces: AsyncIterable<string>): Promise<void> {
    try {
      for await (const piece of this.#parts.speak(pieces, this.#stopped.signal)) {
        if (this.stopped) break;
        this.#note(piece);
        this.#bySystem = piece.sampleRate === 0;
        if (!this.#bySystem) this.#parts.playback.add(piece.samples, piece.sampleRate);
      }
    } catch (thrown) {
      if (this.stopped) return;
      this.#silent = true;
      this.#calls.onVoiceError(toAlcoveError(thrown));
    }
  }

  /** Several pieces of sound are of one sentence. */
  #note({ samples, sampleRate, text, from }: SpokenPiece): void {
    const seconds = sampleRate > 0 ? samples.length / sampleRate : 0;
    const last = this.#spoken.at(-1);
    if (last?.from === from) last.seconds += seconds;
    else {
      this.#spoken.push({ text, from, seconds });
      this.#calls.onSpeaking(text);
    }
  }
}
