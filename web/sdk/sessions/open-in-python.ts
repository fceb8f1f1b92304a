/** How a conversation is open in Python: opened when it is needed, and again where Python was restarted since. */
import type { PythonClient } from "../../../workers/python/client.ts";
import type { SessionConfig, TranscriptMessage } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Choice } from "../models/choice.ts";
import type { ConversationWriter } from "../store/writer.ts";

export const wasClosed = (): AlcoveError => new AlcoveError("bad-request", "This conversation was closed.");

/** What a turn begins with, as far as it brings documents. */
type Bringing = string | { documents?: string[] } | { prompt: { documents?: string[] } };

export class OpenInPython {
  readonly #python: PythonClient;
  readonly #writer: () => ConversationWriter;
  config: SessionConfig;
  /** Of the Python in which it is open, or is being opened. */
  epoch = 0;
  #opening: Promise<unknown> | null = null;
  /** The Python in which it is open. */
  #openIn = 0;
  /** Python has what is not to be in the conversation. */
  outdated = false;
  /** Its session is over. */
  closed = false;

  constructor(python: PythonClient, config: SessionConfig, writer: () => ConversationWriter) {
    this.#python = python;
    this.config = config;
    this.#writer = writer;
  }

  /** Whether the present Python has it, or is about to. */
  get here(): boolean {
    return this.#opening !== null && this.epoch === this.#python.epoch;
  }

  /** Whether Python has it as this tab left it. */
  get current(): boolean {
    return this.#openIn === this.#python.epoch && !this.outdated;
  }

  /**
   * @throws AlcoveError what Python or its boot failed with; `bad-request` for a plan that cannot be mounted, and after
   *   its end
   */
  async open(): Promise<void> {
    if (this.closed) throw wasClosed();
    const python = this.#python;
    if (this.here) return void (await this.#opening);
    const opening = python.awake(async () => {
      this.epoch = python.epoch;
      const earlier = (await this.#writer().load()) ?? {};
      // It may have been replaced meanwhile.
      this.epoch = python.epoch;
      await python.open({ ...this.config, ...earlier });
      this.#openIn = this.epoch;
      this.outdated = false;
    });
    this.#opening = opening;
    // A failed opening may be tried again.
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    await opening;
  }

  /** Python gets the conversation as it is kept. */
  async replace(messages: TranscriptMessage[]): Promise<void> {
    await this.#python.replace(this.config.id, messages);
    this.outdated = false;
  }

  /** Python saves all of it again. */
  keep(): Promise<void> {
    return this.#python.keep(this.config.id);
  }

  /** `start`, whose documents a Python that is started anew has again. */
  attached<S extends Bringing>(start: S): S {
    const { documents } = typeof start === "object" && "prompt" in start ? start.prompt : Object(start);
    if (documents) this.config = { ...this.config, documents };
    return start;
  }

  /** Another model answers from now on, when it is opened again. */
  async answerWith({ provider, model }: Choice): Promise<void> {
    this.config = { ...this.config, provider, model };
    await this.#python.close(this.config.id).catch(() => undefined);
    this.#opening = null;
  }
}
