/** A conversation by voice: it listens, asks the session, and speaks the answer while it is written. */
import type { Listening } from "../../../workers/activity/client.ts";
import type { ActivityEvent } from "../../../workers/activity/protocol.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import type { ChatEvent } from "../sessions/turn.ts";
import { Interruption } from "./interruption.ts";
import type { VoiceParts } from "./parts.ts";
import { SpokenTurn } from "./spoken-turn.ts";
import { Transcription } from "./transcription.ts";
import { isEcho, wordsOf } from "./words.ts";

/**
 * "idle" before it is started and after it is stopped · "starting" · "listening" for somebody to speak · "hearing" them ·
 * "transcribing" what they said · "thinking", and tools at work · "asking" whether a tool may act (an `approval` among the
 * `event`s) · "speaking" · "muted": the microphone is switched off · "waiting" for a click: the browser holds the sound
 */
export type VoiceState =
  | "idle"
  | "starting"
  | "listening"
  | "hearing"
  | "transcribing"
  | "thinking"
  | "asking"
  | "speaking"
  | "muted"
  | "waiting";

/** Seconds in which the page's own sound comes back through the microphone. */
const ECHO_S = 0.5;
/** What is heard so soon after an answer may be the answer. */
const ECHO_MS = 1500;
/** Frames (of 32 ms) after which it was no speech that stopped an answer: the worker that listens heard none. */
const NOTHING_FRAMES = 47;
/** A worker that listens and dies more often than this in a row is given up. */
const MAX_RESTARTS = 2;

export interface VoiceOptions {
  /** Turns end by themselves (default), or each is what is said between {@link VoiceConversation.press} and release. */
  handsFree?: boolean;
}

/**
 * Emits (each a CustomEvent) `state` ({@link VoiceState}), `heard` `{text, final}`, `text` (a piece of the answer),
 * `speaking` (what is being said), `level` (of the microphone, 0 to 1), `event` (every event of the session: approvals
 * are answered there) and `error` (an AlcoveError; the conversation goes on unless its state is "idle" then).
 */
export class VoiceConversation extends EventTarget {
  readonly #parts: VoiceParts;
  readonly #interruption = new Interruption();
  #handsFree: boolean;
  #state: VoiceState = "idle";
  /** What it does, whatever keeps it from being heard. */
  #doing: VoiceState = "idle";
  #running: AbortController | null = null;
  #listening: Listening | null = null;
  #transcription: Transcription | null = null;
  #turn: SpokenTurn | null = null;
  /** Turns, one after the other. */
  #turns: Promise<void> = Promise.resolve();
  /** Whether the turn was stopped because the person had not finished. */
  #goesOn = false;
  /** Words of a turn that was taken back therefore. */
  #before = "";
  /** Of an utterance that has ended. */
  #ending: Transcription | null = null;
  /** What it said last, and until when that may be heard again (on the clock of the page). */
  #said = { text: "", until: 0 };
  /** When somebody began to speak. */
  #began = 0;
  /** Whether somebody speaks, be it the page itself. */
  #underWay = false;
  /** Frames since an answer was stopped in which nobody spoke after all. */
  #nothing = 0;
  #pressed = false;
  #restarts = 0;

  constructor(parts: VoiceParts, { handsFree = true }: VoiceOptions = {}) {
    super();
    this.#parts = parts;
    this.#handsFree = handsFree;
  }

  get state(): VoiceState {
    return this.#state;
  }

  get handsFree(): boolean {
    return this.#handsFree;
  }

  /** May be changed at any time. */
  set handsFree(on: boolean) {
    this.#handsFree = on;
    if (!on && !this.#pressed) this.#drop();
  }

  /**
   * Starts the microphone and listens. Call it in a click.
   * @throws AlcoveError what the microphone fails with; `busy` while another conversation listens, in any tab;
   *   `cancelled` when it is stopped meanwhile
   */
  async start(): Promise<void> {
    if (this.#running) return;
    const running = new AbortController();
    this.#running = running;
    const { microphone, sound } = this.#parts;
    this.#do("starting");
    try {
      // Both in the click.
      await Promise.all([microphone.start(), this.#parts.alone(running.signal)]);
      if (running.signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    } catch (thrown) {
      const error = toAlcoveError(thrown);
      if (this.#running === running) this.stop();
      throw error;
    }
    const { signal } = running;
    const show = () => this.#show();
    microphone.addEventListener("level", (event) => this.#emit("level", (event as CustomEvent).detail), {
      signal,
    });
    microphone.addEventListener("ended", (event) => this.#fail((event as CustomEvent<AlcoveError>).detail), {
      signal,
    });
    for (const name of ["muted", "unmuted"]) microphone.addEventListener(name, show, { signal });
    sound.addEventListener("statechange", show, { signal });
    this.#parts.closing.addEventListener("close", () => this.stop(), { signal });
    this.#restarts = 0;
    this.#listen();
    this.#do("listening");
  }

  /** Stops everything: microphone, tokens and sound. What was heard of an answer stays in the conversation. */
  stop(): void {
    if (!this.#running) return;
    this.#running.abort();
    this.#running = null;
    this.#pressed = false;
    this.#before = "";
    this.#silence();
    this.#drop();
    this.#listening?.stop();
    this.#listening = null;
    this.#parts.microphone.stop();
    this.#do("idle");
  }

  /** Stops the answer, tokens and sound at once, and listens again. */
  interrupt(): void {
    const answers = this.#answers;
    this.#silence();
    if (!answers || !this.#running) return;
    // What it heard meanwhile is its own voice.
    this.#listening?.forget();
    this.#do("listening");
  }

  /** Push to talk: what comes from now on is for it. Stops an answer. */
  press(): void {
    if (!this.#running || this.#pressed) return;
    this.#pressed = true;
    this.#silence();
    this.#listening?.hold();
    this.#begin();
  }

  /** Ends what {@link press} began. */
  release(): void {
    if (!this.#pressed) return;
    this.#pressed = false;
    this.#listening?.release();
  }

  /** Stops what is on its way to an answer, and the answer. */
  #silence(): void {
    this.#ending?.abandon();
    this.#turn?.stop();
  }

  #emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #do(state: VoiceState): void {
    this.#doing = state;
    this.#show();
  }

  #show(): void {
    const open = this.#doing !== "idle" && this.#doing !== "starting";
    const held = open && this.#parts.sound.state !== "running";
    const off = this.#parts.microphone.muted && ["listening", "hearing"].includes(this.#doing);
    const state = held ? "waiting" : off ? "muted" : this.#doing;
    if (state === this.#state) return;
    this.#state = state;
    this.#emit("state", state);
  }

  /** Ends because of something that nobody asked for. */
  #fail(error: AlcoveError): void {
    this.stop();
    this.#emit("error", error);
  }

  #listen(): void {
    const running = this.#running;
    this.#listening = this.#parts.listen(
      this.#parts.microphone.tap(),
      (event) => this.#running === running && this.#hear(event),
      (error) => {
        if (this.#running !== running) return;
        this.#drop();
        if (this.#restarts++ >= MAX_RESTARTS) return this.#fail(error);
        this.#listen();
        if (this.#pressed) this.#listening?.hold();
      },
    );
  }

  /** Whether an answer is on its way that nobody stopped. */
  get #answers(): boolean {
    return this.#turn !== null && !this.#turn.stopped;
  }

  #hear(event: ActivityEvent): void {
    if (event.kind === "frame") this.#weigh(event.probability, event.level);
    if (event.kind === "started") this.#underWay = true;
    if (event.kind === "ended" || event.kind === "dropped") this.#underWay = false;
    const waits = event.kind === "frame" && this.#transcription && !this.#underWay && !this.#pressed;
    this.#nothing = waits ? this.#nothing + 1 : event.kind === "frame" ? 0 : this.#nothing;
    if (this.#nothing > NOTHING_FRAMES) this.#nobody();
    // What comes while an answer is on its way is another's, unless it interrupted.
    if (this.#answers || !(this.#handsFree || this.#pressed || this.#transcription)) return;
    if (event.kind === "started") this.#begin();
    if (event.kind === "paused") this.#transcription?.begin(event.samples);
    if (event.kind === "resumed") this.#transcription?.abandon();
    if (event.kind === "dropped") this.#nobody();
    if (event.kind === "ended") this.#take(event.samples);
  }

  #begin(): void {
    this.#restarts = 0;
    this.#began = performance.now();
    this.#transcription?.abandon();
    this.#transcription = new Transcription(this.#parts, {
      onText: (text) => this.#emit("heard", { text: this.#joined(text), final: false }),
      onComplete: (complete) => this.#listening?.hint(complete),
    });
    this.#do("hearing");
  }

  /** Nothing was said: what was said before, if it was taken back, is sent after all. */
  #nobody(): void {
    this.#nothing = 0;
    this.#drop();
    this.#next(async () => this.#understand("", 0));
  }

  /** Forgets what is being heard. */
  #drop(): void {
    this.#transcription?.abandon();
    this.#transcription = null;
    this.#listening?.forget();
    if (this.#running && !this.#answers) this.#do("listening");
  }

  /** Whether somebody speaks over the answer. */
  #weigh(probability: number, level: number): void {
    const turn = this.#turn;
    // Its own voice cannot be told from another where nobody knows how loud it is.
    if (!turn || turn.stopped || turn.bySystem || !this.#handsFree) return;
    const { playback } = this.#parts;
    const played = playback.playing ? playback.loudness(ECHO_S) : 0;
    if (!this.#interruption.frame(probability, level, played)) return;
    this.#goesOn = !turn.begun;
    turn.stop();
    this.#interruption.reset();
    // What it heard before is its own voice.
    this.#listening?.cut();
    this.#begin();
  }

  #take(samples: Float32Array<ArrayBuffer>): void {
    const transcription = this.#transcription;
    this.#transcription = null;
    if (!transcription) return;
    const running = this.#running;
    const began = this.#began;
    this.#do("transcribing");
    this.#next(async () => {
      this.#ending = transcription;
      const text = await transcription.end(samples).finally(() => {
        this.#ending = null;
      });
      if (this.#running === running) await this.#understand(text, began);
    });
  }

  /** Does `work` once all turns before are over; it listens again after that. */
  #next(work: () => Promise<void>): void {
    const running = this.#running;
    this.#turns = this.#turns.then(async () => {
      if (this.#running !== running) return;
      try {
        await work();
      } catch (thrown) {
        const error = toAlcoveError(thrown);
        if (this.#running === running && error.code !== "cancelled") this.#emit("error", error);
      }
      if (this.#running === running && !this.#transcription) this.#do("listening");
    });
  }

  /** @param began when they began to speak */
  async #understand(text: string, began: number): Promise<void> {
    const own = began < this.#said.until && isEcho(text, this.#said.text);
    const all = this.#joined(own || wordsOf(text).length === 0 ? "" : text);
    if (!all) return;
    // They speak on: it is one message.
    this.#before = this.#transcription ? all : "";
    if (!this.#transcription) await this.#answer(all);
  }

  #joined(text: string): string {
    return [this.#before, text].filter(Boolean).join(" ");
  }

  async #answer(text: string): Promise<void> {
    this.#emit("heard", { text, final: true });
    this.#do("thinking");
    this.#interruption.reset();
    const turn = new SpokenTurn(this.#parts, {
      onEvent: (event) => this.#pass(turn, event),
      onSpeaking: (said) => {
        if (!turn.stopped) this.#do("speaking");
        this.#emit("speaking", said);
      },
      onVoiceError: (error) => this.#emit("error", error),
    });
    this.#turn = turn;
    this.#goesOn = false;
    try {
      await turn.run(text);
    } finally {
      this.#said = { text: turn.said, until: performance.now() + ECHO_MS };
      this.#turn = null;
      await this.#afterwards(turn, text).catch((thrown) => this.#emit("error", toAlcoveError(thrown)));
    }
  }

  /** What the transcript keeps of an answer that was interrupted. */
  async #afterwards(turn: SpokenTurn, text: string): Promise<void> {
    if (!turn.stopped) {
      // The end of its own voice is still in the air; or somebody began to speak with its last word.
      this.#listening?.cut();
      if (this.#underWay && this.#handsFree && this.#running) this.#begin();
      return;
    }
    // Of a message that was never sent nothing is kept.
    if (!turn.kept) {
      if (this.#goesOn) this.#before = text;
      return;
    }
    if (this.#goesOn && this.#running) {
      this.#before = text;
      await this.#parts.chat.takeBack();
    } else await this.#parts.chat.shorten(turn.heard);
  }

  #pass(turn: SpokenTurn, event: ChatEvent): void {
    this.#emit("event", event);
    if (event.type === "text" && !event.agent) this.#emit("text", event.text);
    if (turn.stopped || turn.sounds) return;
    this.#do(event.type === "approval" ? "asking" : "thinking");
  }
}
