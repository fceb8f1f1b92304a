/** Follows a conversation as other tabs go on with it, so that what is drawn here is what is kept. */
import type { Alcove, ConversationChange } from "../../sdk/index.ts";
import { type Forks, forksOf } from "./forks.ts";
import { reconciled } from "./reconciled.ts";
import { type Entry, newAnswer, toEntries } from "./transcript.ts";

/** A tab that dies in mid-answer tells nobody. */
const LOOK_EVERY_MS = 1_000;

interface Followed {
  /** Of the conversation; undefined while it is new. */
  id(): string | undefined;
  /** What is drawn now. */
  entries(): readonly Entry[];
  /** Whether this tab writes itself: then what is drawn is its own. */
  busy(): boolean;
  /** Takes what is to be drawn, and whether another tab is writing an answer. */
  show(entries: readonly Entry[], elsewhere: boolean, forks: Forks): void;
  removed(): void;
}

export class Follower {
  readonly #alcove: Promise<Alcove>;
  readonly #followed: Followed;
  #stop: () => void = () => undefined;
  #reading = false;
  #behind = false;
  #look: ReturnType<typeof setTimeout> | undefined;
  #over = false;

  constructor(alcove: Promise<Alcove>, followed: Followed) {
    this.#alcove = alcove;
    this.#followed = followed;
    void alcove.then(
      ({ conversations }) => {
        if (this.#over) return;
        conversations.addEventListener("change", this.#hear);
        conversations.addEventListener("answer", this.#hear);
        this.#stop = () => {
          conversations.removeEventListener("change", this.#hear);
          conversations.removeEventListener("answer", this.#hear);
        };
      },
      () => undefined,
    );
  }

  /** Ends it. */
  close(): void {
    this.#over = true;
    clearTimeout(this.#look);
    this.#stop();
  }

  /**
   * This tab has stopped writing: what it missed meanwhile is shown.
   * @param forked whether it may have set something aside
   */
  catchUp(forked: boolean): void {
    // What cannot be read now is with the next turn.
    if (forked) this.#readForks().catch(() => undefined);
    if (this.#behind) void this.refresh();
  }

  /** What is drawn of the answer stays: this tab knows more of it than is kept. */
  async #readForks(): Promise<void> {
    const id = this.#followed.id();
    if (id === undefined) return;
    const { conversations } = await this.#alcove;
    const [elsewhere, record] = await Promise.all([conversations.busy(id), conversations.get(id)]);
    if (!record || this.#over || this.#followed.busy()) return;
    this.#followed.show(this.#followed.entries(), elsewhere, forksOf(record));
  }

  /** The conversation was just read: it is followed at once where another tab answers in it. */
  async begin(): Promise<void> {
    const id = this.#followed.id();
    const { conversations } = await this.#alcove;
    if (id !== undefined && (await conversations.busy(id))) await this.refresh();
  }

  /** Shows the conversation as it is kept. */
  async refresh(): Promise<void> {
    this.#behind = true;
    if (this.#reading || this.#over) return;
    this.#reading = true;
    try {
      while (this.#behind && !this.#over && !this.#followed.busy()) {
        this.#behind = false;
        await this.#read();
      }
    } catch {
      // It cannot be read now. There may be no other change: who answers elsewhere may die.
      this.#lookAgain();
    } finally {
      this.#reading = false;
    }
  }

  async #read(): Promise<void> {
    const id = this.#followed.id();
    if (id === undefined) return;
    const { conversations } = await this.#alcove;
    // In this order: an answer that ended in between is whole then.
    const elsewhere = await conversations.busy(id);
    const record = await conversations.get(id);
    if (!record || this.#over || this.#followed.busy()) return;
    const shown = reconciled(this.#followed.entries(), underWay(toEntries(record.messages), elsewhere));
    this.#followed.show(shown, elsewhere, forksOf(record));
    clearTimeout(this.#look);
    if (elsewhere) this.#lookAgain();
  }

  #lookAgain(): void {
    clearTimeout(this.#look);
    if (!this.#over) this.#look = setTimeout(() => void this.refresh(), LOOK_EVERY_MS);
  }

  readonly #hear = (event: Event): void => {
    const { id, what, here } = (event as CustomEvent<ConversationChange>).detail;
    if (id !== this.#followed.id()) return;
    // Also by whoever uses the SDK in this page: who deletes what is open in the page itself closes it before.
    if (what === "removed") this.#followed.removed();
    else if (!here && what !== "renamed") void this.refresh();
  };
}

/** The entries while another tab answers the last question: its answer is not at its end. */
function underWay(entries: readonly Entry[], elsewhere: boolean): readonly Entry[] {
  if (!elsewhere) return entries;
  const last = entries.at(-1);
  if (last?.kind !== "answer") return [...entries, newAnswer(true)];
  return [...entries.slice(0, -1), { ...last, streaming: true, finishReason: null }];
}
