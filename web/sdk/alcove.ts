/** Alcove in a page: the workers behind it, and the conversations, models and Python in front. */

import { BUILD, workerUrls } from "../../workers/build.ts";
import type { LoadedModel, ModelSpec } from "../../workers/engine/contract.ts";
import { PythonClient } from "../../workers/python/client.ts";
import type { Reading } from "../../workers/reading/protocol.ts";
import { AlcoveError } from "../../workers/wire/errors.ts";
import type { Agents } from "./agents/agents.ts";
import { moveBase, siteBase } from "./base.ts";
import type { Capabilities } from "./capabilities.ts";
import type { CompleteOptions, CompletionRequest, Completions } from "./completion/completions.ts";
import type { Completion } from "./completion/gather.ts";
import type { OpenAi } from "./completion/openai.ts";
import { Documents } from "./documents/documents.ts";
import { LoadMarks } from "./engines/load-marks.ts";
import { Roster } from "./engines/roster.ts";
import { type Status, StatusBoard } from "./engines/status.ts";
import type { Home } from "./home/home.ts";
import type { McpServers } from "./mcp/servers.ts";
import type { Models } from "./models/catalogue.ts";
import { type Choice, choose, fallback, type Wish } from "./models/choice.ts";
import { type Crash, crashOf, refused } from "./models/crash.ts";
import { Preference } from "./models/preference.ts";
import { Server } from "./models/server.ts";
import type { OpenOptions, SessionOptions } from "./options.ts";
import { pageHandlers } from "./page-handlers.ts";
import type { ReadOptions } from "./reading/read.ts";
import { restWhileUnused } from "./rest.ts";
import type { ChatSession } from "./sessions/chat.ts";
import { Embeddings, type EmbedOptions } from "./sessions/embeddings.ts";
import type { Eye, Picture } from "./sessions/eye.ts";
import type { Permissions } from "./sessions/permissions.ts";
import type { Presets } from "./sessions/presets.ts";
import type { Conversations } from "./store/conversations.ts";
import type { Settings } from "./store/settings.ts";
import { DeviceStorage } from "./store/storage.ts";
import type { VilaServer } from "./vila/server.ts";
import { giveVoice, Voiced } from "./voice/voiced.ts";

/** The errors after which the processor may do what the graphics card could not. */
const GPU_FAILURES = new Set(["unsupported", "out-of-memory", "device-lost"]);

/** Emits `status` (a CustomEvent of {@link Status}), and `crash` when {@link Alcove.crash} has become another. */
export class Alcove extends Voiced {
  readonly version = BUILD.version;
  readonly capabilities: Capabilities;
  readonly conversations: Conversations;
  readonly models: Models;
  readonly agents: Agents;
  /** What lies on this device. */
  readonly storage: DeviceStorage;
  /** Python's home on this device, and the folders that conversations work in. */
  readonly home: Home;
  /** The person's documents on this device, and what stands in them. */
  readonly documents: Documents;
  /** The model that new conversations take. */
  readonly preference: Preference;
  /** A server of the person's. */
  readonly server: Server;
  /** OpenAI's interface, for code that was written for a server. */
  readonly openai: OpenAi = {
    fetch: async (input, init) => (await import("./completion/openai.ts")).answer(input, init, this),
    embeddings: (request, { signal } = {}) => this.#embeddings.ask(request, signal),
  };
  readonly #settings: Settings;
  readonly #board: StatusBoard;
  readonly #roster: Roster;
  readonly #embeddings: Embeddings;
  readonly #python: PythonClient;
  readonly #stopResting: () => void;
  readonly #sessions = new Map<string, ChatSession>();
  readonly #marks: LoadMarks;
  #mcp: Promise<McpServers> | undefined;
  #presets: Promise<Presets> | undefined;
  #completions: Promise<Completions> | undefined;
  #crashed: string | undefined;
  #closed = false;

  private constructor(parts: {
    capabilities: Capabilities;
    conversations: Conversations;
    home: Home;
    models: Models;
    settings: Settings;
    board: StatusBoard;
    roster: Roster;
    python: PythonClient;
    marks: LoadMarks;
    crashed: string | undefined;
    base: string;
    agents: Agents;
  }) {
    super();
    giveVoice(this, parts);
    this.#crashed = parts.crashed;
    this.#marks = parts.marks;
    this.capabilities = parts.capabilities;
    this.conversations = parts.conversations;
    this.models = parts.models;
    const { models } = parts;
    this.agents = parts.agents;
    this.storage = new DeviceStorage({ ...parts, models: () => models.all() });
    this.home = parts.home;
    this.preference = new Preference(parts.settings, models);
    this.server = new Server(parts.settings);
    this.#settings = parts.settings;
    this.#board = parts.board;
    this.#roster = parts.roster;
    this.#embeddings = new Embeddings(parts.models, parts.roster.roles.embedder);
    const { base, board } = parts;
    this.documents = new Documents(base, async (changed) => {
      const busy = () => board.status.phase === "thinking" || board.status.phase === "answering";
      const embed = this.embed.bind(this);
      const read = this.read.bind(this);
      return new (await import("./documents/library.ts")).Library({ base, embed, read, busy }, changed);
    });
    this.#python = parts.python;
    this.#stopResting = restWhileUnused(parts.python);
  }

  /** Starts the workers and answers as soon as the page can be used; Python goes on booting. */
  static async open({
    onProgress,
    mirror,
    agent,
    base: given,
    connect = [],
  }: OpenOptions = {}): Promise<Alcove> {
    if (given !== undefined) await moveBase(given);
    const base = siteBase();
    let alcove: Alcove | undefined;
    const board = new StatusBoard((status) => {
      onProgress?.(status);
      alcove?.dispatchEvent(new CustomEvent("status", { detail: status }));
    });
    board.report("python", { phase: "booting", text: "Starting", fraction: 0 });
    const marks = new LoadMarks();
    const crashed = marks.crashed();
    const host = pageHandlers({
      alcove: () => opened,
      session: async (id) => (await opened).#session(id),
      writer: async (id) => (await opened).#writer(id),
      sessions: async () => (await opened).#sessions.values(),
      chat: () => roster.roles.chat,
      board,
    });
    const python = new PythonClient({
      url: new URL(workerUrls().python, base),
      base,
      connect,
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
      onStart: () => queueMicrotask(() => roster.roles.chat.connect()),
    });
    const roster = new Roster({
      base,
      // Whoever asked for vectors is told of an error; it is nobody else's.
      onStatus: (role, status) => {
        marks.follow(role, status?.phase === "loading" ? roster.roles[role].wanted : undefined);
        board.report(role, role === "embedder" && status?.phase === "error" ? null : status);
      },
      onLoaded: (model) => void opened.then(({ models }) => models.touch(model)).catch(() => undefined),
      mayReload: async ({ id, name }) => {
        if (!(await marks.ended(id).catch(() => false))) return;
        const told = await opened;
        told.#crashed = id;
        told.dispatchEvent(new Event("crash"));
        throw refused(name);
      },
      onLine: (line) => (line ? python.attachEngine(line) : python.detachEngine()),
    });
    python.ready.catch((error: AlcoveError) =>
      board.report("python", { phase: "error", text: error.message, error: error.toData() }),
    );
    const opened = (async () => {
      // Nothing of it is needed for the first paint.
      const { openStores } = await import("./stores.ts");
      const kept = await openStores({ python, roster, base, mirror, agent });
      alcove = new Alcove({ ...kept, base, board, roster, python, marks, crashed: await crashed });
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
  get python(): Pick<PythonClient, "run" | "install" | "installed" | "uninstall"> {
    return this.#python;
  }

  /**
   * Opens a conversation. Its model is loaded meanwhile; a message that comes earlier waits for it.
   * @throws AlcoveError `model-not-found`; `unsupported` for a model that needs a graphics card where there is
   *   none; `bad-request` for an unknown provider, conversation, agent or plan.
   */
  async openSession(options: SessionOptions = {}): Promise<ChatSession> {
    // Nothing of it is needed for the first paint.
    const { prepareSession } = await import("./sessions/prepare.ts");
    const { provider, config, choice, tools, lacks, model } = await prepareSession(options, this, {
      choose: (wish) => this.#choose(wish),
      serverConfig: () => this.#serverConfig(),
    });
    const { ChatSession } = await import("./sessions/chat.ts");
    await this.#sessions.get(config.id)?.close();
    const session = new ChatSession(config, choice, tools, {
      python: this.#python,
      store: this.conversations,
      status: this.#board,
      permissions: await this.permissions(),
      mcp: () => this.mcp(),
      documents: this.documents,
      lacks,
      bundled: config.agent !== undefined,
      onClose: () => {
        if (this.#sessions.get(session.id) === session) this.#sessions.delete(session.id);
      },
      fallback: (error) => {
        const mayFallBack = provider === "auto" && session.provider === "webllm";
        return mayFallBack && GPU_FAILURES.has(error.code) ? fallback(error, this) : null;
      },
    });
    this.#sessions.set(session.id, session);
    this.#python.revive();
    // A failed load is told by the status now and by the first message that needs the model.
    if (model && model.id !== this.#crashed) this.#roster.roles.chat.ensure(model).catch(() => undefined);
    await session.open();
    return session;
  }

  /**
   * Opens a vision model, and loads it meanwhile: `model`, else the one in use, else the first.
   * @throws AlcoveError `model-not-found`; `bad-request` for a model that cannot see
   */
  async openVision({ model }: { model?: string } = {}): Promise<Eye> {
    const { openEye } = await import("./sessions/open-eye.ts");
    return openEye(model, { models: this.models, roster: this.#roster, crashed: this.#crashed });
  }

  /**
   * Reads what stands in a picture: print on screens, pages and photographs, however the page lies. The lines come in
   * reading order, by columns where there are some, with their boxes in pixels of the picture. The model is fetched when
   * it first reads, and works in a worker of its own. A picture without text gives none.
   * @throws AlcoveError `bad-request` for what is no picture, `model-not-found` where this site was built without reading,
   *   `out-of-memory`, `cancelled`, `engine-crashed` (the next call has a new worker), and what a load fails with
   */
  async read(picture: Picture, options: ReadOptions = {}): Promise<Reading> {
    const { read } = await import("./reading/read.ts");
    return read(picture, options, { models: this.models, engine: this.#roster.roles.reader });
  }

  /**
   * Turns each text into a vector, so that texts of like meaning lie near each other. The vectors are as the model
   * makes them: not every model gives them the length 1, so compare them by their cosine. What a model wants before a
   * search's question ("Represent this sentence for searching relevant passages: ") is the caller's to add. The
   * model runs beside that of the conversations.
   * @throws AlcoveError `model-not-found` (also when none is named and none is on this device), `unsupported` for a
   *   model that makes no vectors or without a graphics card, `bad-request`, `context-overflow`, `cancelled`,
   *   `engine-crashed` (the next call has a new engine), and what a load fails with
   */
  embed(texts: string[], options: EmbedOptions = {}): Promise<Float32Array[]> {
    return this.#embeddings.embed(texts, options);
  }

  /**
   * Answers messages without a conversation and without Python: OpenAI's request in, its `chat.completion` out.
   * Nothing of it is kept. Completions take turns with each other and with conversations. An abort before the model is
   * asked is `cancelled`; a later one resolves with finish_reason "cancelled" and what was said so far.
   * @throws AlcoveError `bad-request`, `unsupported`, `model-not-found`, `context-overflow`, `cancelled`,
   *   `engine-crashed` (the next call has a new engine), and what a load fails with
   */
  async complete(request: CompletionRequest, options: CompleteOptions = {}): Promise<Completion> {
    return (await this.#completing()).complete(request, options);
  }

  /**
   * Loads the model that a completion or a conversation is to have, so that it begins at once; downloads it first where
   * needed. An abort ends the wait.
   * @throws AlcoveError `model-not-found`, `unsupported`, `cancelled`, and what the load fails with
   */
  async load(model?: string, { signal }: { signal?: AbortSignal } = {}): Promise<LoadedModel> {
    return (await this.#completing()).load(model, signal);
  }

  /** Gives that model up, and the memory that it takes, where no open conversation has one; the next use loads it again. */
  unload(): void {
    if (this.#sessions.size === 0) this.#roster.roles.chat.release();
  }

  /**
   * The model that was being loaded when the browser ended a page of this site, mostly for lack of memory. No
   * conversation loads it until {@link tryAgain}. Null when there is none.
   */
  async crash(): Promise<Crash | null> {
    return this.#crashed === undefined ? null : crashOf(this.#crashed, await this.models.list());
  }

  /** Lets `model` be loaded again if it is the one of {@link crash}. */
  tryAgain(model: string): void {
    if (model !== this.#crashed) return;
    this.#crashed = undefined;
    void this.#marks.forget();
  }

  /** Whether {@link close} was called. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends the workers; an engine that another tab uses goes on for it. */
  async close(): Promise<void> {
    this.#closed = true;
    this.documents.close();
    this.#embeddings.close();
    void this.#completions?.then((completions) => completions.close());
    for (const session of [...this.#sessions.values()]) await session.close();
    this.conversations.close();
    this.agents.close();
    this.models.close();
    await this.closeEars();
    await this.#mcp?.then((servers) => servers.close());
    await this.#presets?.then((presets) => presets.close());
    this.#stopResting();
    this.#python.dispose();
    this.#roster.release();
  }

  #session(id: string): ChatSession {
    const session = this.#sessions.get(id);
    if (!session) throw new AlcoveError("bad-request", "This conversation is not open.");
    return session;
  }

  /** What the person has allowed for longer than one call. */
  async permissions(): Promise<Permissions> {
    const { Permissions } = await import("./sessions/permissions.ts");
    return new Permissions(this.#settings, this.conversations);
  }

  /** MCP: the servers that the person added (their tools are "mcp:<id>"), and tools of ours for other pages. */
  mcp(): Promise<McpServers> {
    const parts = { settings: this.#settings, permissions: () => this.permissions(), python: this.#python };
    this.#mcp ??= import("./mcp/servers.ts").then(({ McpServers }) => new McpServers(parts));
    return this.#mcp;
  }

  /** What the person prepared: with what new conversations begin, and prompts. */
  presets(): Promise<Presets> {
    this.#presets ??= import("./sessions/presets.ts").then(({ Presets }) => new Presets(this.#settings));
    return this.#presets;
  }

  /** The ViLA server that the person set up. */
  async vila(): Promise<VilaServer> {
    const { VilaServer } = await import("./vila/server.ts");
    return new VilaServer(this.#settings);
  }

  async #choose(wish: Partial<Wish>): Promise<Choice> {
    const preferred = (await this.preference.get()) ?? undefined;
    return choose({ provider: "auto", ...wish, preferred }, this);
  }

  /** The model of this id that writes text, or that of new conversations. */
  async #writer(id: string | undefined): Promise<ModelSpec> {
    if (this.#closed) throw new AlcoveError("cancelled", "Alcove was closed.");
    const { model } = await this.#choose(id === undefined ? {} : { model: id });
    const spec = await this.models.find(model);
    if (spec.id === this.#crashed) throw refused(spec.name);
    return spec;
  }

  #completing(): Promise<Completions> {
    const parts = { engine: this.#roster.roles.chat, find: (id?: string) => this.#writer(id) };
    this.#completions ??= import("./completion/completions.ts").then(
      ({ Completions }) => new Completions(parts),
    );
    return this.#completions;
  }

  async #serverConfig(): Promise<Record<string, unknown>> {
    const { baseUrl, apiKey } = await this.server.required();
    return { base_url: baseUrl, ...(apiKey ? { api_key: apiKey } : {}) };
  }
}
