/** One conversation, as a page holds it. The conversation itself lives in Python and in the store. */

import { forgetKeptPrompts } from "../../../workers/files/kept-prompts.ts";
import type { PythonClient } from "../../../workers/python/client.ts";
import type {
  ActivityEntry,
  Prompt,
  SessionConfig,
  ToolName,
  TranscriptDelta,
  TranscriptMessage,
  TurnEvent,
} from "../../../workers/python/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { failing, streamOf } from "../../../workers/wire/stream.ts";
import type { StatusBoard } from "../engines/status.ts";
import type { Choice } from "../models/choice.ts";
import type { ConversationChange, Conversations } from "../store/conversations.ts";
import { wasDeleted } from "../store/failures.ts";
import { withTurn } from "../store/turn-lock.ts";
import type { ConversationWriter } from "../store/writer.ts";
import { callTool } from "../tools/call.ts";
import { HeadStart } from "./head-start.ts";
import type { Approval, Permissions } from "./permissions.ts";
import { AnswerProgress } from "./progress.ts";
import { promptOf } from "./prompt.ts";
import type { ChatEvent, SendOptions, TurnOptions } from "./turn.ts";

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

/** What a turn begins with. */
type Start = Prompt | "retry" | "goOn";

interface SessionParts {
  python: PythonClient;
  store: Conversations;
  status: StatusBoard;
  permissions: Permissions;
  /** What it lacks of what it had before it was resumed; told once. */
  lacks: string[];
  onClose: (session: ChatSession) => void;
  /** What answers instead after an engine failed with `error`; null when nothing may. */
  fallback: (error: AlcoveError) => Choice | null;
}

export class ChatSession {
  readonly #parts: SessionParts;
  #config: SessionConfig;
  #choice: Choice;
  readonly #tools: Map<string, PageTool>;
  /** The tools of ours that it has. */
  readonly tools: readonly ToolName[];
  #epoch = 0;
  #opening: Promise<unknown> | null = null;
  /** The Python in which it is open. */
  #openIn = 0;
  /** Python has what is not to be in the conversation. */
  #outdated = false;
  /** Of the turn, while it is not known whether it may run. */
  #ahead: HeadStart | null = null;
  #turn: { signal: AbortSignal; stop: () => void; done: Promise<void> } | null = null;
  #closed = false;
  readonly #writer: ConversationWriter;

  constructor(config: SessionConfig, choice: Choice, tools: readonly AnyTool[], parts: SessionParts) {
    this.#config = config;
    this.#choice = choice;
    this.tools = tools.filter((tool) => typeof tool === "string");
    this.#tools = new Map(tools.flatMap((tool) => (typeof tool === "string" ? [] : [[tool.name, tool]])));
    this.#parts = parts;
    this.#writer = parts.store.writer(config.id, async () => {
      // A Python that rested or died has nothing of it.
      if (this.#closed || this.#epoch !== parts.python.epoch) return false;
      await parts.python.keep(config.id);
      return true;
    });
    parts.store.addEventListener("change", this.#onChange);
  }

  /** Reopens the conversation later: `openSession({ resume: chat.id })`. */
  get id(): string {
    return this.#config.id;
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
  async open(): Promise<void> {
    const { python } = this.#parts;
    if (this.#epoch === python.epoch && this.#opening) return void (await this.#opening);
    const opening = python.awake(async () => {
      this.#epoch = python.epoch;
      const earlier = (await this.#writer.load()) ?? {};
      // It may have been replaced meanwhile.
      this.#epoch = python.epoch;
      await python.open({ ...this.#config, ...earlier });
      this.#openIn = this.#epoch;
      this.#outdated = false;
    });
    this.#opening = opening;
    // A failed opening may be tried again.
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = null;
    });
    await opening;
  }

  /**
   * Sends a message and streams what happens.
   * @throws AlcoveError `busy` while a turn runs, here or in another tab; `cancelled` when it is stopped before it
   *   begins, and nothing of it is kept; `bad-request` for an empty message, for what is no picture, and when the
   *   conversation was deleted; `context-overflow`, …
   */
  send(
    text: string,
    { images = [], schema, ...options }: SendOptions = {},
  ): AsyncGenerator<ChatEvent, void, undefined> {
    return this.#run(async () => ({ ...(await promptOf(text, images)), ...(schema && { schema }) }), options);
  }

  /**
   * Goes on with an answer that broke off (stopped, at its limit, its tab closed), which stays one message; or answers a
   * question that has no answer.
   */
  goOn(options: TurnOptions = {}): AsyncGenerator<ChatEvent, void, undefined> {
    return this.#run(async () => "goOn", options);
  }

  /**
   * Takes the last message back, with all that follows it, as if it had never been sent.
   * @throws AlcoveError `busy` while a turn runs, `bad-request` when there is none or the conversation was deleted
   */
  async takeBack(): Promise<void> {
    if (this.#turn) throw new AlcoveError("busy", "An answer is still being written.");
    await this.#alone(async () => {
      await this.#beginTurn();
      const record = await this.#parts.store.get(this.id);
      const asked = record?.messages.findLastIndex(({ role }) => role === "user") ?? -1;
      if (!record || asked < 0) throw new AlcoveError("bad-request", "There is no message to take back.");
      const left = record.messages.slice(0, asked);
      await this.#parts.python.replace(this.id, left);
      const { messages: _, ...about } = record;
      await this.#writer.save({ ...about, updated: new Date().toISOString(), from: asked, messages: [] });
    });
  }

  /** Keeps what Python says is new of the transcript. */
  keep(delta: TranscriptDelta): Promise<void> {
    return this.#inTurn(() => this.#writer.save(delta));
  }

  /** Drops the last answer and runs the last message again. */
  retry(options: TurnOptions = {}): AsyncGenerator<ChatEvent, void, undefined> {
    return this.#run(async () => "retry", options);
  }

  /** Stops the running turn and resolves when it has ended; does nothing when none runs. */
  async cancel(): Promise<void> {
    const turn = this.#turn;
    turn?.stop();
    await turn?.done;
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
    const { python } = this.#parts;
    return this.#opening && this.#epoch === python.epoch ? python.activity(this.id) : [];
  }

  /** Gives files to the `python` tool: its code finds them by name in its folder, while the page is open. */
  async give(...files: File[]): Promise<void> {
    (await import("../tools/interpreters.ts")).giveFiles(this.id, files);
  }

  /** Stops what runs and frees the session; the conversation stays in the store. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#parts.store.removeEventListener("change", this.#onChange);
    await this.cancel();
    if (this.#opening && this.#epoch === this.#parts.python.epoch) {
      await this.#parts.python.close(this.id).catch(() => undefined);
    }
    this.#parts.store.release(this.id);
    this.#parts.onClose(this);
  }

  /**
   * Runs a tool of the page for Python.
   * @throws AlcoveError `bad-request` for an unknown tool, or with what the tool threw.
   */
  callTool(name: string, input: unknown): Promise<unknown> {
    const signal = this.#turn?.signal ?? new AbortController().signal;
    return this.#inTurn(() => callTool(this.#tools, name, input, { chat: this, signal }));
  }

  #run(ask: () => Promise<Start>, { signal }: TurnOptions): AsyncGenerator<ChatEvent, void, undefined> {
    if (this.#closed) return failing(new AlcoveError("bad-request", "This conversation was closed."));
    if (this.#turn) return failing(new AlcoveError("busy", "An answer is still being written."));
    const stopped = new AbortController();
    const stop = () => stopped.abort();
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
    let finish: () => void = () => undefined;
    const done = new Promise<void>((resolve) => {
      finish = resolve;
    });
    this.#turn = { signal: stopped.signal, stop, done };
    return streamOf<ChatEvent>(async (push) => {
      try {
        const start = await ask();
        this.#ahead = this.#goAhead(start);
        await this.#alone(() => this.#drive(start, stopped.signal, push));
      } finally {
        signal?.removeEventListener("abort", stop);
        await this.#refuse(this.#ahead);
        this.#turn = null;
        this.#parts.status.report("turn", null);
        finish();
      }
    }, stop);
  }

  /** Begins a turn in Python before it is known whether it may, where that is as good as sure; not one of a foreign plan. */
  #goAhead(start: Start): HeadStart | null {
    const { python } = this.#parts;
    const current = this.#openIn === python.epoch && !this.#outdated && this.#writer.settled;
    if (typeof start === "string" || !current || this.#config.plan) return null;
    return new HeadStart(python.epoch, python.turn(this.id, start), () => python.cancel(this.id));
  }

  /** Ends a turn that has begun and may not run: Python has its message, which is nowhere else. */
  async #refuse(ahead: HeadStart | null): Promise<void> {
    if (!ahead || ahead !== this.#ahead) return;
    this.#outdated = true;
    await ahead.refuse();
    this.#ahead = null;
  }

  /** Does what Python asks for in a turn, once it is known that the turn may run; else nothing. */
  #inTurn<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.#ahead?.later(work) ?? work();
  }

  /** Does `work` while no tab runs a turn here, and Python does not rest. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    return withTurn(this.id, () => this.#parts.python.awake(work));
  }

  /** @param kept whether its message is in the transcript already */
  async #drive(
    start: Start,
    stopped: AbortSignal,
    push: (event: ChatEvent) => void,
    kept = false,
  ): Promise<void> {
    const { status, fallback } = this.#parts;
    const progress = new AnswerProgress();
    status.report("turn", { phase: "thinking", text: "Thinking" });
    let begun = kept;
    try {
      await beforeAbort(this.#beginTurn(), stopped);
      begun = true;
      for (const text of this.#parts.lacks.splice(0)) push({ type: "notice", level: "warning", text });
      await this.#turnOnce(start, stopped, push, progress);
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

  async #turnOnce(
    start: Start,
    stopped: AbortSignal,
    push: (event: ChatEvent) => void,
    progress: AnswerProgress,
  ): Promise<void> {
    const { python } = this.#parts;
    const onAbort = () => void python.cancel(this.id);
    stopped.addEventListener("abort", onAbort, { once: true });
    try {
      const events = this.#ahead?.allow() ?? python.turn(this.id, start);
      this.#ahead = null;
      for await (const event of events) {
        progress.observe(event, this.#parts.status);
        this.#writer.say(event);
        const told = event.type === "approval" ? await this.#ask(event) : event;
        if (told) push(told);
      }
    } finally {
      stopped.removeEventListener("abort", onAbort);
    }
  }

  /** Python gets the conversation as it is now: another tab may have gone on with it. */
  async #beginTurn(): Promise<void> {
    const ahead = this.#ahead;
    await this.open();
    const standing = await this.#writer.begin();
    if (!standing.same || ahead?.epoch !== this.#epoch) await this.#refuse(ahead);
    if (standing.same && !this.#outdated) return;
    const messages = standing.same ? (await this.#writer.load())?.messages : standing.messages;
    await this.#parts.python.replace(this.id, messages ?? []);
    this.#outdated = false;
  }

  readonly #onChange = (event: Event): void => {
    const { id, what } = (event as CustomEvent<ConversationChange>).detail;
    if (id !== this.id || what !== "removed") return;
    this.#parts.permissions.forget(id).catch(() => undefined);
    if (!this.#turn) return;
    // What the engine has kept of it since must go too.
    void this.cancel().then(() => forgetKeptPrompts());
  };

  /** Goes on with another model. Returns whether the message that failed is in the transcript already. */
  async #switchTo(choice: Choice): Promise<boolean> {
    const { python, store } = this.#parts;
    this.#choice = choice;
    this.#config = { ...this.#config, provider: choice.provider, model: choice.model };
    await python.close(this.id).catch(() => undefined);
    this.#opening = null;
    return (await store.get(this.id))?.messages.at(-1)?.role === "user";
  }

  /** Null where the person's answer stands already. */
  #ask(question: Extract<TurnEvent, { type: "approval" }>): Promise<Approval | null> {
    const { permissions, python } = this.#parts;
    return permissions.ask(question, this.id, (option) => python.respond(this.id, question.id, option));
  }

  /** Where Python died in mid-answer, what it said is kept for it. */
  async #breakOff(why: "cancelled" | "error"): Promise<void> {
    if (this.#epoch !== this.#parts.python.epoch) await this.#writer.breakOff(why).catch(() => undefined);
  }
}
