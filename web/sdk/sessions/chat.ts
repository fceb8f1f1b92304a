/** One conversation, as a page holds it. The conversation itself lives in Python and in the store. */

import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import type {
  ActivityEntry,
  SessionConfig,
  ToolName,
  TranscriptDelta,
  TranscriptMessage,
} from "../../../workers/python/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { failing, streamOf } from "../../../workers/wire/stream.ts";
import type { Choice } from "../models/choice.ts";
import type { Alternatives } from "../store/branches.ts";
import { wasDeleted } from "../store/failures.ts";
import type { ConversationChange } from "../store/heads.ts";
import { withTurn } from "../store/turn-lock.ts";
import type { ConversationWriter } from "../store/writer.ts";
import { callTool } from "../tools/call.ts";
import type { Beginning, Held, Start } from "./branching.ts";
import { beginning, branchesAt, putBack, removeTurn, shorten, switchTo, takeBack } from "./branching.ts";
import { HeadStart } from "./head-start.ts";
import { OpenInPython, wasClosed } from "./open-in-python.ts";
import type { SessionParts } from "./parts.ts";
import { AnswerProgress } from "./progress.ts";
import { promptOf } from "./prompt.ts";
import { type ChatEvent, RunningTurn, type SendOptions, type TurnOptions } from "./turn.ts";

/** A JavaScript function that the model may call as a tool. */
export interface PageTool {
  name: string;
  description: string;
  /** JSON Schema of the input object. */
  inputSchema: Record<string, unknown>;
  /** `false` lets the tool run without asking the person; by default it asks. */
  sideEffects?: boolean;
  /** Gets the input that the model gave; what it returns (JSON) goes back to the model. */
  execute(input: never, context: ToolContext): unknown;
}

export type AnyTool = ToolName | PageTool;

/** Where a tool is called. */
export interface ToolContext {
  chat: ChatSession;
  /** Aborts when the turn is stopped. */
  signal: AbortSignal;
}

type Events = AsyncGenerator<ChatEvent, void, undefined>;
type Push = (event: ChatEvent) => void;

export class ChatSession {
  readonly #parts: SessionParts;
  readonly #open: OpenInPython;
  #choice: Choice;
  readonly #tools: Map<string, PageTool>;
  /** The tools of ours that it has. */
  readonly tools: readonly ToolName[];
  /** Of the turn, while it is not known whether it may run. */
  #ahead: HeadStart | null = null;
  /** What stands from this place on is set aside as the turn's first save comes. */
  #aside: number | undefined;
  #turn: RunningTurn | null = null;
  readonly #writer: ConversationWriter;
  readonly #held: Held;

  constructor(config: SessionConfig, choice: Choice, tools: readonly AnyTool[], parts: SessionParts) {
    this.#open = new OpenInPython(parts.python, config, () => this.#writer);
    this.#choice = choice;
    this.tools = tools.filter((tool) => typeof tool === "string");
    this.#tools = new Map(tools.flatMap((tool) => (typeof tool === "string" ? [] : [[tool.name, tool]])));
    this.#parts = parts;
    this.#writer = parts.store.writer(config.id, async () => {
      // A Python that rested or died has nothing of it.
      if (this.#open.closed || this.#open.epoch !== parts.python.epoch) return false;
      await this.#open.keep();
      return true;
    });
    this.#held = { id: config.id, open: this.#open, store: parts.store, writer: this.#writer };
    parts.store.addEventListener("change", this.#onChange);
  }

  /** Reopens the conversation later: `openSession({ resume: chat.id })`. */
  get id(): string {
    return this.#open.config.id;
  }

  /** What answers here, on which device, and why. It changes when the graphics card fails. */
  get choice(): Choice {
    return this.#choice;
  }

  get provider(): string {
    return this.#choice.provider;
  }

  get model(): string {
    return this.#choice.model;
  }

  get busy(): boolean {
    return this.#turn !== null;
  }

  /**
   * Opens the conversation in Python, again when Python was restarted since.
   * @throws AlcoveError what Python or its boot failed with; `bad-request` for a plan that cannot be mounted.
   */
  open(): Promise<void> {
    return this.#open.open();
  }

  /**
   * Sends a message and streams what happens.
   * @throws AlcoveError `busy` while a turn runs, here or in another tab; `cancelled` when it is stopped before it
   *   begins, and nothing of it is kept; `bad-request` for an empty message, for what is no picture, and when the
   *   conversation was deleted; `context-overflow`, …
   */
  send(text: string, options: SendOptions = {}): Events {
    return this.#run(() => promptOf(text, options), options);
  }

  /**
   * Sends `text` in the place of the person's message at `index` of {@link history}, and streams what happens. What stood
   * from there on stays as another branch. It has the message's pictures, and its schema, where it is given none.
   * @throws AlcoveError as {@link send}; `bad-request` where no message of the person's stands there; what keeps the
   *   conversation from being kept, while something does
   */
  edit(index: number, text: string, options: SendOptions = {}): Events {
    return this.#run(async () => ({ at: index, prompt: await promptOf(text, options) }), options);
  }

  /**
   * What stands at `index` of {@link history} in each branch, and which of them is read.
   * @throws AlcoveError `bad-request` where nothing does
   */
  branches(index: number): Promise<Alternatives> {
    return branchesAt(this.#parts.store, this.id, index);
  }

  /**
   * Goes over to another branch of {@link branches}: from `index` on the conversation is that one then, and what stood
   * there stays as a branch.
   * @throws AlcoveError `busy` while a turn runs, `bad-request` when there is none or the conversation was deleted
   */
  switchBranch(index: number, branch: number): Promise<void> {
    return this.#change(() => switchTo(this.#held, index, branch));
  }

  /** Goes on with an answer that broke off, which stays one message; or answers a question that has no answer. */
  goOn(options: TurnOptions = {}): Events {
    return this.#run(async () => "goOn", options);
  }

  /**
   * Takes the last message back, with all that follows it, as if it had never been sent.
   * @throws AlcoveError `busy` while a turn runs, `bad-request` when there is none or the conversation was deleted
   */
  takeBack(): Promise<void> {
    return this.#change(() => takeBack(this.#held));
  }

  /**
   * Deletes the turn to which the message at `index` of {@link history} belongs: the question and its whole answer.
   * @returns puts it back, as long as nothing else was changed
   * @throws AlcoveError as {@link takeBack}; what keeps the conversation from being kept, while something does
   */
  async removeTurn(index: number): Promise<() => Promise<void>> {
    await forgetKeptPrompts();
    const removed = await this.#change(() => removeTurn(this.#held, index));
    const back = () => putBack(this.#held, removed);
    return () => (this.#open.closed ? this.#alone(back) : this.#change(back));
  }

  /** Of the last answer `text` stays, what was heard of it from its begin on. @throws AlcoveError as {@link takeBack} */
  shorten(text: string): Promise<void> {
    return this.#change(() => shorten(this.#held, text));
  }

  /** Keeps what Python says is new of the transcript. */
  keep(delta: TranscriptDelta): Promise<void> {
    return this.#inTurn(() => {
      const aside = this.#aside;
      this.#aside = undefined;
      const { sampling } = this.#open.config;
      return this.#writer.save({ ...delta, ...(sampling && { sampling }), aside });
    });
  }

  /** Runs the last message again; the last answer stays as another branch. */
  retry(options: TurnOptions = {}): Events {
    return this.#run(async () => "retry", options);
  }

  /** Stops the running turn and resolves when it has ended; does nothing when none runs. */
  async cancel(): Promise<void> {
    const turn = this.#turn;
    turn?.stop();
    await turn?.done;
  }

  /**
   * Tells the model something while it answers, before its next step; a `steered` event says that it was told. What comes
   * too late for that has to be sent.
   * @throws AlcoveError `bad-request` where no answer is being written, and for an empty text; `busy` where too much waits
   */
  async steer(text: string): Promise<void> {
    if (this.#turn) return this.#parts.python.steer(this.id, text);
    throw new AlcoveError("bad-request", "No answer is being written.", { action: "Send it as a message." });
  }

  /** The conversation so far. */
  async history(): Promise<TranscriptMessage[]> {
    const record = await this.#parts.store.get(this.id);
    return record?.messages ?? [];
  }

  /**
   * Every event of Amplifier in this conversation since Python opened it, newest last, at most 2,000: with its time, what
   * it cost and what it said, without secrets.
   */
  async activity(): Promise<ActivityEntry[]> {
    return this.#open.here ? this.#parts.python.activity(this.id) : [];
  }

  /** Gives files to the `python` tool: its code finds them by name in its folder, while the page is open. */
  async give(...files: File[]): Promise<void> {
    (await import("../tools/interpreters.ts")).giveFiles(this.id, files);
  }

  /** Stops what runs and frees the session; the conversation stays in the store. */
  async close(): Promise<void> {
    if (this.#open.closed) return;
    this.#open.closed = true;
    this.#parts.store.removeEventListener("change", this.#onChange);
    await this.cancel();
    if (this.#open.here) await this.#parts.python.close(this.id).catch(() => undefined);
    this.#parts.store.release(this.id);
    this.#parts.onClose();
  }

  /**
   * Runs a tool of the page for Python.
   * @throws AlcoveError `bad-request` for an unknown tool, or with what the tool threw.
   */
  callTool(name: string, input: unknown): Promise<unknown> {
    const signal = this.#turn?.signal ?? new AbortController().signal;
    return this.#inTurn(() => callTool(this.#tools, name, input, { chat: this, signal }, this.#parts));
  }

  #run(ask: () => Promise<Start>, { signal }: TurnOptions): Events {
    if (this.#open.closed) return failing(wasClosed());
    if (this.#turn) return failing(new AlcoveError("busy", "An answer is still being written."));
    const turn = new RunningTurn(signal);
    this.#turn = turn;
    return streamOf<ChatEvent>(async (push) => {
      try {
        const start = this.#open.attached(await ask());
        this.#ahead = this.#goAhead(start);
        await this.#alone(() => this.#drive(start, turn.signal, push));
      } finally {
        await this.#refuse(this.#ahead);
        this.#aside = undefined;
        this.#turn = null;
        this.#parts.status.report("turn", null);
        turn.end();
      }
    }, turn.stop);
  }

  /** Begins a turn in Python before it is known whether it may, where that is as good as sure; not one of a foreign plan. */
  #goAhead(start: Start): HeadStart | null {
    const { python } = this.#parts;
    const current = this.#open.current && this.#writer.settled;
    if (typeof start === "string" || "at" in start || !current || this.#open.config.plan) return null;
    return new HeadStart(python.epoch, python.turn(this.id, start), () => python.cancel(this.id));
  }

  /** Ends a turn that has begun and may not run: Python has its message, which is nowhere else. */
  async #refuse(ahead: HeadStart | null): Promise<void> {
    if (!ahead || ahead !== this.#ahead) return;
    this.#open.outdated = true;
    await ahead.refuse();
    this.#ahead = null;
  }

  /** Does what Python asks for in a turn, once it is known that the turn may run; else nothing. */
  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#ahead?.later(work) ?? work();
  }

  /** Changes the conversation as it is kept, while no turn runs. */
  async #change<T>(work: () => Promise<T>): Promise<T> {
    if (this.#turn) throw new AlcoveError("busy", "An answer is still being written.");
    return this.#alone(async () => {
      await this.#catchUp();
      return work();
    });
  }

  /** Does `work` while no tab runs a turn here, and Python does not rest. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return withTurn(this.id, () => this.#parts.python.awake(work));
  }

  /** @param kept whether its message is in the transcript already */
  async #drive(start: Start, stopped: AbortSignal, push: Push, kept = false): Promise<void> {
    const { status, fallback } = this.#parts;
    const progress = new AnswerProgress();
    status.report("turn", { phase: "thinking", text: "Thinking" });
    let begun = kept;
    try {
      const ready = this.#catchUp().then(() => beginning(this.#held, start));
      const { begin, aside } = await beforeAbort(ready, stopped);
      this.#aside = aside;
      begun = true;
      for (const text of this.#parts.lacks.splice(0)) push({ type: "notice", level: "warning", text });
      await this.#once(begin, stopped, push, progress);
    } catch (thrown) {
      const error = toAlcoveError(thrown);
      await this.#refuse(this.#ahead);
      if (this.#writer.deleted) throw wasDeleted();
      if (error.code === "cancelled" && stopped.aborted) {
        // What was to be sent is nowhere, and whoever sent it must know.
        if (!begun) throw error;
        push({ type: "end", text: progress.text, finishReason: "cancelled" });
        await this.#breakOff("cancelled");
        return;
      }
      const instead = progress.text || stopped.aborted ? null : fallback(error);
      if (instead) {
        const asked = await this.#switchTo(instead);
        return this.#drive(asked ? "goOn" : start, stopped, push, asked);
      }
      await this.#breakOff("error");
      throw error;
    }
    if (this.#writer.deleted) throw wasDeleted();
  }

  async #once(begin: Beginning, stopped: AbortSignal, push: Push, progress: AnswerProgress): Promise<void> {
    const { permissions, python } = this.#parts;
    const onAbort = () => void python.cancel(this.id);
    stopped.addEventListener("abort", onAbort, { once: true });
    try {
      const events = this.#ahead?.allow() ?? python.turn(this.id, begin);
      this.#ahead = null;
      for await (const event of events) {
        progress.observe(event, this.#parts.status);
        this.#writer.say(event);
        // Of an approval null, where the person's answer stands already.
        const told =
          event.type === "approval"
            ? await permissions.ask(event, this.id, (option) => python.respond(this.id, event.id, option))
            : event;
        if (told) push(told);
      }
    } finally {
      stopped.removeEventListener("abort", onAbort);
    }
  }

  /** Python gets the conversation as it is now: another tab may have gone on with it. */
  async #catchUp(): Promise<void> {
    const ahead = this.#ahead;
    await this.open();
    const standing = await this.#writer.begin();
    if (!standing.same || ahead?.epoch !== this.#open.epoch) await this.#refuse(ahead);
    if (standing.same && !this.#open.outdated) return;
    const messages = standing.same ? (await this.#writer.load())?.messages : standing.messages;
    await this.#open.replace(messages ?? []);
  }

  readonly #onChange = (event: Event): void => {
    const { id, what } = (event as CustomEvent<ConversationChange>).detail;
    if (id !== this.id || what !== "removed") return;
    this.#parts.permissions.forget(id).catch(() => undefined);
    // What the engine and Python have kept of it since must go too.
    void this.cancel().then(() => Promise.allSettled([forgetKeptPrompts(), this.#parts.python.discard(id)]));
  };

  /** Goes on with another model. Returns whether the message that failed is in the transcript already. */
  async #switchTo(choice: Choice): Promise<boolean> {
    this.#choice = choice;
    await this.#open.answerWith(choice);
    // What would be set aside yet is there as it was.
    if (this.#aside !== undefined) return false;
    return (await this.#parts.store.get(this.id))?.messages.at(-1)?.role === "user";
  }

  /** Where Python died in mid-answer, what it said is kept for it. */
  async #breakOff(why: "cancelled" | "error"): Promise<void> {
    if (this.#open.epoch !== this.#parts.python.epoch)
      await this.#writer.breakOff(why).catch(() => undefined);
  }
}
