/**
 * What a person typed is never lost: the draft of every conversation, and a message that was sent but is
 * not yet known to be in the transcript, live in sessionStorage.
 */
import { read, write } from "../shell/storage.ts";

/** Name of the conversation that has no id yet. */
export const NEW = "new";

export class Drafts {
  #name: string;

  constructor(conversation: string | undefined) {
    this.#name = conversation ?? NEW;
  }

  get draft(): string {
    return read("session", `alcove.draft.${this.#name}`) ?? "";
  }

  set draft(text: string) {
    write("session", `alcove.draft.${this.#name}`, text);
  }

  /** The message that is on its way; empty once the transcript holds it. */
  get outbox(): string {
    return read("session", `alcove.outbox.${this.#name}`) ?? "";
  }

  set outbox(text: string) {
    write("session", `alcove.outbox.${this.#name}`, text);
  }

  /** The new conversation got its id: what was typed goes with it. */
  moveTo(conversation: string): void {
    const { draft, outbox } = this;
    this.draft = this.outbox = "";
    this.#name = conversation;
    this.draft = draft;
    this.outbox = outbox;
  }

  /** Puts a message that never arrived back before what has been typed since. */
  restoreOutbox(): void {
    const { draft, outbox } = this;
    this.outbox = "";
    if (outbox && !draft.startsWith(outbox)) this.draft = draft ? `${outbox}\n${draft}` : outbox;
  }
}
