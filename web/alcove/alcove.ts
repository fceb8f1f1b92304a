/** Alcove in a page: the workers behind it, and the conversations, models and Python in front. */
import { PythonClient } from "../../workers/python/client.ts";
import type { PythonHost, SessionConfig } from "../../workers/python/protocol.ts";
import { BUILD, workerUrls } from "../../workers/shared/build.ts";
import type { ModelSpec } from "../../workers/shared/engine.ts";
import { AlcoveError } from "../../workers/shared/errors.ts";
import { Conversations } from "../store/conversations.ts";
import { type Capabilities, detectCapabilities } from "./capabilities.ts";
import { EngineSupervisor } from "./engine.ts";
import { Models } from "./models.ts";
import { ChatSession, type PageTool } from "./session.ts";
import { type Status, StatusBoard } from "./status.ts";

export interface OpenOptions {
  /** Hears every change of what Alcove is doing, from the first moment. */
  onProgress?: (status: Status) => void;
}

export interface SessionOptions {
  /** Which engine answers. "auto" takes the best that this device can run. */
  provider?: "auto" | "llamacpp";
  /** A model of `alcove.models.list()`. */
  model?: string;
  /** System prompt; the model's own when left out. */
  system?: string;
  /** Functions of the page that the model may call. */
  tools?: PageTool[];
  /** "ask" (default) asks the person before a tool with side effects runs; "allow" does not. */
  approvals?: "ask" | "allow";
  /** The `id` of an earlier conversation. */
  resume?: string;
  /** A whole Amplifier mount plan instead of ours. */
  plan?: Record<string, unknown>;
}

/** Emits `status` (a CustomEvent of {@link Status}). */
export class Alcove extends EventTarget {
  readonly version = BUILD.version;
  readonly capabilities: Capabilities;
  readonly conversations: Conversations;
  readonly models: Models;
  readonly #board: StatusBoard;
  readonly #engine: EngineSupervisor;
  readonly #python: PythonClient;
  readonly #sessions = new Map<string, ChatSession>();

  private constructor(parts: {
    capabilities: Capabilities;
    conversations: Conversations;
    board: StatusBoard;
    engine: EngineSupervisor;
    python: PythonClient;
  }) {
    super();
    this.capabilities = parts.capabilities;
    this.conversations = parts.conversations;
    this.#board = parts.board;
    this.#engine = parts.engine;
    this.#python = parts.python;
    this.models = new Models(parts.engine);
  }

  /** Starts the workers and answers as soon as the page can be used; Python goes on booting. */
  static async open({ onProgress }: OpenOptions = {}): Promise<Alcove> {
    const base = new URL("..", import.meta.url).href;
    let alcove: Alcove | undefined;
    const board = new StatusBoard((status) => {
      onProgress?.(status);
      alcove?.dispatchEvent(new CustomEvent("status", { detail: status }));
    });
    board.report("python", { phase: "booting", text: "Starting", fraction: 0 });
    const host: PythonHost = {
      save: async (record) => (await opened).conversations.save(record),
      callTool: async ({ session, name, input }) => (await opened).#session(session).callTool(name, input),
      ensureModel: async (model, signal) => {
        const { models } = await opened;
        // A provider of somebody's own plan may name no model.
        await engine.ensure(model ? models.spec(model) : models.default, signal);
      },
      describe: async () => ({
        models: BUILD.models.map(({ id, name, context, engine }) => ({ id, name, context, engine })),
        loaded: (await engine.describe())?.model ?? null,
      }),
    };
    const python = new PythonClient({
      url: new URL(workerUrls().python, base),
      base,
      host,
      onProgress: ({ text, fraction }) =>
        board.report("python", fraction < 1 ? { phase: "booting", text, fraction } : null),
      onDeath: (error) =>
        board.report(
          "python",
          error.code === "cancelled"
            ? null
            : { phase: "recovering", text: "Python stopped. Starting it again…" },
        ),
      onStart: () => queueMicrotask(() => engine.connect()),
    });
    const engine = new EngineSupervisor({
      url: new URL(workerUrls().llamacpp, base),
      base,
      onStatus: (status) => board.report("engine", status),
      onPort: (port) => (port ? python.attachEngine(port) : python.detachEngine()),
    });
    python.ready.catch((error: AlcoveError) =>
      board.report("python", { phase: "error", text: error.message, error: error.toData() }),
    );
    const opened = (async () => {
      const conversations = await Conversations.open();
      const capabilities = await detectCapabilities(conversations.persistent);
      alcove = new Alcove({ capabilities, conversations, board, engine, python });
      return alcove;
    })();
    return opened;
  }

  get status(): Status {
    return this.#board.status;
  }

  /** Resolves when conversations can be opened: Python and Amplifier run. */
  get ready(): Promise<void> {
    return this.#python.ready;
  }

  /** Python in its worker, for those who want to run code of their own. */
  get python(): { run(code: string): Promise<unknown>; install(wheel: string | File): Promise<void> } {
    return this.#python;
  }

  /**
   * Opens a conversation. Its model is loaded meanwhile; a message that comes earlier waits for it.
   * @throws AlcoveError `model-not-found`; `bad-request` for an unknown provider, conversation or plan.
   */
  async openSession(options: SessionOptions = {}): Promise<ChatSession> {
    const { provider = "auto", tools = [], approvals = "ask", resume, system, plan } = options;
    if (provider !== "auto" && provider !== "llamacpp") {
      throw new AlcoveError("bad-request", `There is no provider called "${provider}".`, {
        action: 'Use "auto" or "llamacpp".',
      });
    }
    const record = resume === undefined ? undefined : await this.conversations.get(resume);
    if (resume !== undefined && !record) {
      throw new AlcoveError("bad-request", "There is no such conversation.", {
        action: "Choose one from the list or start a new one.",
      });
    }
    const model = this.#chooseModel(options.model, record?.model);
    const prompt = system ?? record?.system ?? model.system;
    const config: SessionConfig = {
      id: resume ?? crypto.randomUUID(),
      provider: "llamacpp",
      model: model.id,
      ...(prompt ? { system: prompt } : {}),
      tools: tools.map(({ name, description, inputSchema, sideEffects = true }) => ({
        name,
        description,
        inputSchema,
        sideEffects,
      })),
      approvals,
      messages: null,
      plan: plan ?? null,
    };
    await this.#sessions.get(config.id)?.close();
    const session = new ChatSession(config, tools, {
      python: this.#python,
      store: this.conversations,
      status: this.#board,
      onClose: (closed) => {
        if (this.#sessions.get(closed.id) === closed) this.#sessions.delete(closed.id);
      },
    });
    this.#sessions.set(session.id, session);
    this.#python.revive();
    // A failed load is told by the status now and by the first message that needs the model.
    this.#engine.ensure(model).catch(() => undefined);
    await session.open();
    return session;
  }

  /** Ends the workers. */
  async close(): Promise<void> {
    for (const session of [...this.#sessions.values()]) await session.close();
    this.#python.dispose();
    this.#engine.dispose();
  }

  #session(id: string): ChatSession {
    const session = this.#sessions.get(id);
    if (!session) throw new AlcoveError("bad-request", "This conversation is not open.");
    return session;
  }

  /** The model asked for, else the one the conversation had if it still exists, else the default. */
  #chooseModel(asked: string | undefined, before: string | undefined): ModelSpec {
    if (asked !== undefined) return this.models.spec(asked);
    try {
      return before === undefined ? this.models.default : this.models.spec(before);
    } catch {
      return this.models.default;
    }
  }
}
