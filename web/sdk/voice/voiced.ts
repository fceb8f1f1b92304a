/** What Alcove hears and says: its methods for that, each of which brings what it needs when it is first called. */
import { siteBase } from "../base.ts";
import type { Roster } from "../engines/roster.ts";
import type { Models } from "../models/catalogue.ts";
import type { Audio } from "./audio.ts";
import type { VoiceConversation } from "./conversation.ts";
import type { Hearing } from "./hearing.ts";
import type { OpenVoiceOptions } from "./open-voice.ts";
import type { SpeakOptions } from "./speak.ts";
import type { Speech } from "./speech.ts";
import type { TranscribeOptions, Transcript } from "./transcribe.ts";
import type { Voice } from "./voices.ts";

interface Parts {
  models: Models;
  roster: Roster;
}

/** What it works with is nobody's else: the types of alcove.js would tell what a constructor takes. */
const parts = new WeakMap<Voiced, Parts>();

/** Called once, while it is made. */
export const giveVoice = (voiced: Voiced, given: Parts): void => void parts.set(voiced, given);

const of = (voiced: Voiced): Parts => parts.get(voiced) as Parts;

export abstract class Voiced extends EventTarget {
  /** Tells "close". */
  readonly #closing = new EventTarget();
  #hearing: Promise<Hearing> | undefined;

  /**
   * Writes down what is said in `audio`, with a model that hears, in a worker of its own: it is fetched when first used.
   * Silence, noise and music give no words. A long recording is heard piece by piece, cut at its pauses.
   * @throws AlcoveError `bad-request` for what is no audio or holds none, `unsupported` for a language that the model
   *   does not hear, `model-not-found`, `out-of-memory` for a file too long to be decoded at once, `cancelled`,
   *   `engine-crashed` (the next call has a new engine), and what a load fails with
   */
  async transcribe(audio: Audio, options: TranscribeOptions = {}): Promise<Transcript> {
    return (await this.#ears()).transcribe(audio, options);
  }

  /**
   * Speaks a text, or one that comes in pieces: sentence by sentence, and the first sound of a sentence before the whole
   * of it is made. What cannot be spoken (code, emoji, other scripts) is left out, and told. The voice is fetched when it
   * speaks first. A `Playback` makes what comes heard.
   * @throws AlcoveError `model-not-found`, `bad-request`, `cancelled`, `unsupported` for a voice of another language than
   *   English, `engine-crashed` (the next call has a new worker), and what a load fails with
   */
  async *speak(
    text: string | AsyncIterable<string>,
    options: SpeakOptions = {},
  ): AsyncGenerator<Speech, void, undefined> {
    const { speak } = await import("./speak.ts");
    yield* speak(text, options, { models: of(this).models, engine: of(this).roster.roles.voice });
  }

  /** The voices that `speak` can be given. */
  async voices(): Promise<Voice[]> {
    return (await import("./voices.ts")).voicesOf(of(this).models);
  }

  /**
   * A conversation by voice with a session. Start it in a click: `voice.start()` is the first that needs the microphone.
   * It is stopped when Alcove is closed.
   */
  async openVoice(options: OpenVoiceOptions): Promise<VoiceConversation> {
    const { openVoice } = await import("./open-voice.ts");
    return openVoice(this, options, siteBase(), this.#closing);
  }

  /** Ends what is being heard. */
  protected async closeEars(): Promise<void> {
    this.#closing.dispatchEvent(new Event("close"));
    await this.#hearing?.then((hearing) => hearing.close());
  }

  #ears(): Promise<Hearing> {
    this.#hearing ??= import("./hearing.ts").then(({ Hearing }) => new Hearing(of(this).roster.roles.ears));
    return this.#hearing;
  }
}
