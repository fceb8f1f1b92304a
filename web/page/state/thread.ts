/**
 * One open conversation as the page shows it. The transcript lives in the session; this holds what is on
 * its way: the message that waits, the answer that streams, the approval that is asked, what failed.
 */
import {
  type Alcove,
  type Approval,
  beforeAbort,
  type ChatEvent,
  type ChatSession,
  type Choice,
} from "../../sdk/index.ts";
import { type Failure, nextStep, toFailure } from "../kit/failure.ts";
import { whenIdle } from "../kit/frame.ts";
import { Asked } from "./asked.ts";
import { Drafts, isEmpty, type Message, NOTHING, same } from "./drafts.ts";
import { Follower } from "./follower.ts";
import { edited, entryAt, type Forks, forksOf, NO_FORKS, type ShownFork } from "./forks.ts";
import { holds, sent, UNSENT } from "./kept.ts";
import { MessageQueue } from "./queue.ts";
import { RunningAnswer, telling } from "./running-answer.ts";
import { type ThreadAgent, ThreadSession, type Wish } from "./thread-session.ts";
import {
  type AnswerEntry,
  type Entry,
  isBroken,
  lastQuestion,
  messageOf,
  newQuestion,
  questions,
  toEntries,
  type UserEntry,
  withSeen,
} from "./transcript.ts";

type Start = (chat: ChatSession, signal: AbortSignal) => AsyncIterable<ChatEvent>;

/**
 * Emits `change` after every change, `id` when a new conversation got its id, `choice` when it is known what
 * answers, `finished` after an answer, `queue` when what waits for one has changed, `missing` when there is no such conversation, `removed` when it was deleted
 * under it.
 */
export class Thread extends EventTarget {
  readonly #alcove: Promise<Alcove>;
  readonly drafts: Drafts;
  /** What is sent after the answer under way. */
  readonly queue: MessageQueue;
  readonly #follower: Follower;
  #turn: AbortController | null = null;
  /** Of the turn that runs; in `#entries` it may be as it was some pieces ago. */
  #answer: RunningAnswer | null = null;
  #entries: readonly Entry[] = [];
  readonly session: ThreadSession;
  id: string | undefined;
  readonly #asked = new Asked();
  /** Where it goes on in several ways. */
  forks: Forks = NO_FORKS;
  failure: Failure | null = null;
  /** The stored conversation is being read. */
  opening = false;
  /** Another tab is writing an answer here. */
  elsewhere = false;
  /** A message that failed is being taken out of the transcript. */
  #unsending: Promise<void> = Promise.resolve();

  /** @param agent the one that a new conversation is with */
  constructor(alcove: Promise<Alcove>, id?: string, agent?: ThreadAgent) {
    super();
    this.#alcove = alcove;
    this.drafts = new Drafts(id);
    this.queue = new MessageQueue(this);
    this.id = id;
    this.session = new ThreadSession(alcove, () => ({ id: this.id, look: this.look }), agent);
    this.session.addEventListener("choice", () => this.dispatchEvent(new Event("choice")));
    this.#follower = new Follower(alcove, {
      id: () => this.id,
      entries: () => this.entries,
      busy: () => this.busy,
      show: (entries, elsewhere, forks) => {
        this.#entries = entries;
        this.elsewhere = elsewhere;
        this.forks = forks;
        this.#changed();
      },
      removed: () => this.dispatchEvent(new Event("removed")),
    });
    if (!id) this.drafts.restoreOutbox();
    // First it is drawn: to hand a long one to Python takes its time. A failure is told by the first message too.
    const drawn = id ? this.#open(id).then(whenIdle) : Promise.resolve();
    void drawn.then(() => this.session.prepare()).catch(() => undefined);
  }

  /** The conversation as it is now. */
  get entries(): readonly Entry[] {
    if (this.#answer?.isNew) {
      const entry = this.#answer.read();
      this.#entries = this.#entries.map((each) => (each.key === entry.key ? entry : each));
    }
    return this.#entries;
  }

  /** A turn runs or waits for the model. */
  get busy(): boolean {
    return this.#turn !== null;
  }

  /** Whether the model has the `look` tool; the next message opens the session anew where that has changed. */
  get look(): boolean {
    return this.drafts.look;
  }

  set look(on: boolean) {
    this.drafts.look = on;
    this.session.outdate();
  }

  /** Sends a message, after the turn that runs; `hear` is told what happens. */
  async send(message: Message, hear?: (event: ChatEvent) => void): Promise<void> {
    if (this.busy) return this.queue.add(message);
    this.failure = null;
    this.drafts.outbox = message;
    this.#entries = [...this.entries, newQuestion(message)];
    await this.#run((chat, signal) => telling(sent(chat, message, signal), hear));
  }

  get approval(): Approval | null {
    return this.#asked.first;
  }

  /** The answer that broke off, or was stopped, and can be gone on with. */
  get broken(): AnswerEntry | null {
    const last = this.entries.at(-1);
    return !this.busy && !this.elsewhere && isBroken(last) ? last : null;
  }

  /** Goes on with the answer that broke off. */
  async goOn(): Promise<void> {
    const { broken } = this;
    if (!broken) return;
    this.failure = null;
    this.#entries = this.entries.slice(0, -1);
    await this.#run((chat, signal) => chat.goOn({ signal }), new RunningAnswer(broken));
  }

  /** Answers the last message of the person again; what was answered before is dropped. */
  async retry(): Promise<void> {
    if (this.busy) return;
    const { waiting } = this.drafts;
    if (this.failure?.code === "busy" && !isEmpty(waiting)) {
      this.drafts.waiting = NOTHING;
      this.dispatchEvent(new Event("draft"));
      return this.send(waiting);
    }
    const asked = lastQuestion(this.entries);
    if (asked < 0) return;
    const message = messageOf(this.entries[asked] as UserEntry);
    const held = isEmpty(this.drafts.outbox) || (await this.#holds(message));
    if (this.busy) return;
    if (held) this.drafts.outbox = NOTHING;
    this.failure = null;
    this.#entries = this.entries.slice(0, asked + 1);
    const again: Start = (chat, signal) => (held ? chat.retry({ signal }) : sent(chat, message, signal));
    await this.#run(again, new RunningAnswer(), held);
  }

  /** Sends `text` in the place of a message of the person's; what stood from there on stays as another branch. */
  async rewrite(entry: UserEntry, text: string): Promise<void> {
    const at = this.entries.findIndex(({ key }) => key === entry.key);
    if (this.busy || this.elsewhere || at < 0) return;
    const before = this.entries.slice(0, at);
    this.failure = null;
    const message = { ...messageOf(entry), text };
    this.drafts.outbox = message;
    this.#entries = [...before, { ...newQuestion(message), pictures: entry.pictures }];
    const which = { number: questions(before).length, shown: entry.text };
    await this.#run((chat, signal) => edited(chat, which, text, signal), new RunningAnswer(), true);
  }

  /** Goes over to another branch. */
  async switchBranch({ at }: ShownFork, to: number): Promise<void> {
    if (this.busy || this.elsewhere) return;
    try {
      await (await this.session.connect()).switchBranch(at, to);
      this.drafts.readFrom = 0;
      this.failure = null;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
    await this.refresh();
  }

  /** Shows it as it is kept. */
  async refresh(): Promise<void> {
    await this.#follower.refresh();
    this.#changed();
  }

  /** Takes the message that failed back, out of the transcript too, and makes it the draft again. */
  edit(): void {
    const asked = questions(this.entries).at(-1);
    const { outbox } = this.drafts;
    const message = isEmpty(outbox) && asked ? messageOf(asked) : outbox;
    this.#unsending = this.#unsend(this.entries, message);
    this.#takeBack(message);
    this.failure = null;
    this.#changed();
  }

  /** Puts the failure away; a message that was refused as it is goes with it, for it would be refused again. */
  dismissFailure(): void {
    if (this.failure && nextStep(this.failure) === "edit" && this.entries.at(-1)?.kind === "user")
      this.edit();
    this.failure = null;
    this.#changed();
  }

  /** Stops the turn; a message that had not been sent yet goes back to the composer. */
  stop(): void {
    this.#turn?.abort();
  }

  respond(option: string): void {
    this.#asked.respond(option);
    this.#changed();
  }

  /** What answers here, where and why; null until that is known. */
  get choice(): Choice | null {
    return this.session.choice;
  }

  /**
   * Lets something else answer from now on; the conversation stays. An answer under way is stopped; a question
   * that failed is asked again.
   * @throws AlcoveError when that cannot be had; then what answered before goes on.
   */
  async use(wish: Wish): Promise<void> {
    this.stop();
    await this.idle();
    await this.session.use(wish);
    this.drafts.readFrom = 0;
    const failed = this.failure !== null;
    this.failure = null;
    this.#changed();
    if (failed) void this.retry();
  }

  /** Frees the session; the transcript stays. */
  async close(): Promise<void> {
    this.queue.close();
    this.#follower.close();
    this.stop();
    await this.session.close();
  }

  async #open(id: string): Promise<void> {
    this.opening = true;
    try {
      const alcove = await this.#alcove;
      const record = await alcove.conversations.get(id);
      if (this.session.closed) return;
      if (!record) {
        this.dispatchEvent(new Event("missing"));
        return;
      }
      // A message may have been sent while the store was read: it comes after what was kept.
      this.#entries = [...toEntries(record.messages), ...this.entries];
      this.forks = forksOf(record);
      if (!this.busy) {
        const asked = questions(this.entries).at(-1);
        if (asked && same(messageOf(asked), this.drafts.outbox)) this.drafts.outbox = NOTHING;
        this.drafts.restoreOutbox();
      }
    } catch (thrown) {
      this.failure = toFailure(thrown);
    } finally {
      this.opening = false;
      this.#changed();
      this.#follower.begin().catch(() => undefined);
    }
  }

  /** A new conversation gets its id with its first message. */
  async #named(): Promise<ChatSession> {
    const chat = await this.session.connect();
    if (this.id !== chat.id && !this.session.closed) {
      this.id = chat.id;
      this.drafts.moveTo(chat.id);
      this.dispatchEvent(new Event("id"));
    }
    return chat;
  }

  /** @param branches whether what is there is set aside for it */
  async #run(start: Start, answer = new RunningAnswer(), branches = false): Promise<void> {
    const turn = new AbortController();
    this.#turn = turn;
    this.#answer = answer;
    this.#entries = [...this.#entries, answer.read()];
    this.#changed();
    let [arrived, readsAll] = [false, true];
    try {
      await beforeAbort(this.#unsending, turn.signal);
      const chat = await beforeAbort(this.#named(), turn.signal);
      turn.signal.throwIfAborted();
      for await (const event of start(chat, turn.signal)) {
        // Once: it is kept in storage, which is slow.
        if (!arrived) this.drafts.outbox = NOTHING;
        arrived = true;
        if (event.type === "compaction" && !event.agent) {
          readsAll = false;
          this.drafts.readFrom = entryAt(await chat.history(), event.from);
        }
        this.#apply(answer, event);
      }
      this.#finish(answer, null);
    } catch (thrown) {
      const failure = toFailure(thrown);
      const unsent =
        !arrived && (UNSENT.includes(failure.code) || (branches && !(await this.#holds(this.drafts.outbox))));
      if (unsent) this.#unsent(failure);
      else this.#finish(answer, failure);
    } finally {
      this.#turn = null;
      this.#entries = this.entries;
      this.#answer = null;
      this.#asked.clear();
      if (arrived && readsAll) this.drafts.readFrom = 0;
      this.#changed();
      this.#follower.catchUp(branches || this.forks.size > 0);
    }
  }

  /** The turn did not begin: what was to be sent waits in the composer, and what is kept is shown. */
  #unsent(failure: Failure): void {
    if (failure.code !== "cancelled") this.failure = failure;
    const { outbox } = this.drafts;
    if (isEmpty(outbox)) this.#entries = this.#entries.filter(({ key }) => key !== this.#answer?.key);
    else this.#takeBack(outbox);
    void this.#follower.refresh();
  }

  /** Takes a message out of the transcript, where that ends with it. */
  async #unsend(entries: readonly Entry[], message: Message): Promise<void> {
    try {
      if (await this.#holds(message, entries)) await (await this.session.connect()).takeBack();
    } catch {
      // It stays there, and is shown again with the next look.
    }
  }

  /** Resolves when no turn runs. */
  async idle(): Promise<void> {
    while (this.busy)
      await new Promise((changed) => this.addEventListener("change", changed, { once: true }));
  }

  #apply(answer: RunningAnswer, event: ChatEvent): void {
    this.#asked.take(event);
    if (event.type === "picture" && !event.agent) {
      const { picture, description, model } = event;
      this.#entries = withSeen(this.#entries, picture, { description, by: model });
    } else if (event.type !== "approval") {
      const told = answer.isNew;
      answer.take(event);
      // Of a thousand pieces one is told: whoever draws then reads them all.
      if (told) return;
    }
    this.#changed();
  }

  #finish(answer: RunningAnswer, failure: Failure | null): void {
    const stopped = failure?.code === "cancelled";
    answer.finish(stopped ? "cancelled" : failure ? "error" : null);
    if (failure && !stopped) {
      this.failure = failure;
      if (answer.isEmpty) this.#entries = this.#entries.filter(({ key }) => key !== answer.key);
    } else {
      this.drafts.outbox = NOTHING;
      this.dispatchEvent(new Event("finished"));
    }
  }

  #holds(message: Message, shown = this.entries): Promise<boolean> {
    return holds(this.#alcove, this.id, message, shown);
  }

  #takeBack(message: Message): void {
    const asked = lastQuestion(this.entries);
    if (asked >= 0) this.#entries = this.entries.slice(0, asked);
    this.drafts.takeBack(message);
    this.dispatchEvent(new Event("draft"));
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
