/** The conversation by voice of the tab: what it is doing, what was heard and what is being said. */
import type { VoiceConversation, VoiceState } from "../../sdk/index.ts";
import { aloudOf } from "../aloud/aloud.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { read, write } from "../kit/storage.ts";
import { spokenChat } from "../state/spoken.ts";
import type { Thread } from "../state/thread.ts";
import type { Workbench } from "../state/workbench.ts";

const BY_HAND = "voice-by-hand";

/** Emits `change` whenever something that is drawn has changed, and `level`. */
export class Talk extends EventTarget {
  readonly #workbench: Workbench;
  #voice: VoiceConversation | null = null;
  #thread: Thread | null = null;
  /** What was started last: it may have been stopped, and started again, before it is there. */
  #start: object | null = null;
  failure: Failure | null = null;
  /** What the person says; as long as it is not final it may change. */
  heard = "";
  final = true;
  answer = "";
  /** The sentence that is being said. */
  saying = "";
  level = 0;
  handsFree = read("local", BY_HAND) === null;

  constructor(workbench: Workbench) {
    super();
    this.#workbench = workbench;
  }

  get state(): VoiceState {
    return this.#voice?.state ?? (this.#thread ? "starting" : "idle");
  }

  /** Starts in the open conversation. Call it in a click. */
  async start(): Promise<void> {
    const { alcove, thread } = this.#workbench;
    if (!alcove || this.#thread) return;
    aloudOf(this.#workbench.opened).stop(); // of two voices at once nothing is understood
    this.failure = null;
    this.#thread = thread;
    const start = {};
    this.#start = start;
    this.#changed();
    try {
      const voice = await alcove.openVoice({ chat: spokenChat(thread), handsFree: this.handsFree });
      if (this.#start !== start) return;
      this.#voice = voice;
      this.#follow(voice);
      await voice.start();
    } catch (thrown) {
      if (this.#start !== start) return;
      const failure = toFailure(thrown);
      if (failure.code !== "cancelled") this.failure = failure;
      this.stop();
    }
    this.#changed();
  }

  stop(): void {
    this.#voice?.stop();
    this.#voice = null;
    this.#thread = null;
    this.#start = null;
    this.saying = "";
    this.level = 0;
    this.#changed();
  }

  /** Another conversation was opened: nothing of this one goes on. */
  stopUnless(thread: Thread): void {
    if (this.#thread && this.#thread !== thread) this.stop();
  }

  interrupt(): void {
    this.#voice?.interrupt();
  }

  press(): void {
    this.#voice?.press();
  }

  release(): void {
    this.#voice?.release();
  }

  choose(handsFree: boolean): void {
    this.handsFree = handsFree;
    write("local", BY_HAND, handsFree ? "" : "yes");
    if (this.#voice) this.#voice.handsFree = handsFree;
    this.#changed();
  }

  dismiss(): void {
    this.failure = null;
    this.#changed();
  }

  #follow(voice: VoiceConversation): void {
    const on = (name: string, take: (detail: never) => void) =>
      voice.addEventListener(name, (event) => {
        if (this.#voice !== voice) return;
        take((event as CustomEvent).detail as never);
        if (name === "level") this.dispatchEvent(new Event("level"));
        else this.#changed();
      });
    on("state", () => {
      if (voice.state !== "speaking") this.saying = "";
    });
    on("heard", ({ text, final }: { text: string; final: boolean }) => {
      this.heard = text;
      this.final = final;
      this.answer = "";
      this.failure = null;
    });
    on("text", (text: string) => {
      this.answer += text;
    });
    on("speaking", (text: string) => {
      this.saying = text.trim();
    });
    on("level", (level: number) => {
      this.level = level;
    });
    on("error", (error: unknown) => {
      this.failure = toFailure(error);
      if (voice.state === "idle") this.stop();
    });
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
