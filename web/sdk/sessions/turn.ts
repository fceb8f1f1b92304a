/** What goes into a turn, and what happens in it. */
import type { TurnEvent } from "../../../workers/python/protocol.ts";
import type { Picture } from "./eye.ts";
import type { Approval } from "./permissions.ts";

/** What happens in a turn, in order of happening. */
export type ChatEvent = Exclude<TurnEvent, { type: "approval" }> | Approval;

export interface TurnOptions {
  /** Aborting stops the turn; what was said so far is kept. */
  signal?: AbortSignal;
}

/** A file that goes with a message as the text that stands in it. */
export interface TextFile {
  name: string;
  text: string;
  /** Of the file itself. */
  bytes?: number;
  /** Where `text` is only its beginning: the characters that it has. */
  whole?: number;
}

export interface SendOptions extends TurnOptions {
  /** Pictures that go with the text, 4 at most. A model that cannot see gets what the vision model says of them. */
  images?: Picture[];
  /** Files whose text goes with the message; what stands in them is marked for the model as no word of the person's. */
  files?: readonly TextFile[];
  /**
   * Ids of documents (`alcove.documents.list()`) that the conversation is about from this message on: its answers are made
   * from what stands in them, with their `sources`, or its model searches them by the `documents` tool where it has that.
   * None (`[]`) ends it; left out, it stays as it is.
   */
  documents?: readonly string[];
  /**
   * JSON Schema (draft 7) that the answer has to fit. `object` events then come in place of `text`, and `end` carries
   * the whole `object`; a turn whose model does not manage it fails with `unsupported`.
   */
  schema?: Record<string, unknown>;
}

/** What the turn that runs is stopped by, and waited for. */
export class RunningTurn {
  readonly #stopped = new AbortController();
  readonly #given: AbortSignal | undefined;
  /** Resolves when it has ended. */
  readonly done: Promise<void>;
  #end: () => void = () => undefined;

  /** @param given stops it too */
  constructor(given: AbortSignal | undefined) {
    this.#given = given;
    this.done = new Promise((resolve) => {
      this.#end = resolve;
    });
    given?.addEventListener("abort", this.stop, { once: true });
    if (given?.aborted) this.stop();
  }

  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  readonly stop = (): void => this.#stopped.abort();

  end(): void {
    this.#given?.removeEventListener("abort", this.stop);
    this.#end();
  }
}
