/**
 * The chat session behind a conversation: opened once, opened anew when something else shall answer or other
 * tools are wanted, closed in the end.
 */
import {
  type Alcove,
  type ChatSession,
  type Choice,
  type ConversationChange,
  lookTool,
  type McpServers,
  type PresetsChange,
  type SessionOptions,
  type ToolName,
} from "../../sdk/index.ts";
import { w } from "./words.ts";

/** What a person wants to answer: a model of the list, or their own server. */
export type Wish = { model: string } | { provider: "openai" };

/** Whose conversation it is. */
export interface ThreadAgent {
  id?: string;
  name: string;
}

/** What the session is opened with, as it is when it is opened. */
interface Wants {
  /** The conversation that it goes on with; undefined for a new one. */
  id: string | undefined;
  /** The model gets the `look` tool. */
  look: boolean;
}

/** Emits `choice` when it is known what answers. */
export class ThreadSession extends EventTarget {
  readonly alcove: Promise<Alcove>;
  readonly #wants: () => Wants;
  #session: Promise<ChatSession> | null = null;
  #chat: ChatSession | null = null;
  #wish: Wish | null = null;
  /** What was chosen here; null leaves what the conversation has. */
  #tools: readonly ToolName[] | null = null;
  /** Files of the person's that the session does not have yet. */
  readonly #given: File[] = [];
  /** The folder that was chosen here; undefined leaves what the conversation has. */
  #folder: SessionOptions["folder"];
  #documents: readonly string[] | undefined;
  #outdated = false;
  readonly #left = new AbortController();
  #closed = false;

  /** The agent that answers here; null for none, and before it is known. */
  agent: ThreadAgent | null;

  constructor(alcove: Promise<Alcove>, wants: () => Wants, agent?: ThreadAgent) {
    super();
    this.alcove = alcove;
    this.#wants = wants;
    this.agent = agent ?? null;
  }

  /** What answers here, where and why; null until that is known. */
  get choice(): Choice | null {
    return this.#chat?.choice ?? null;
  }

  /** The tools of ours that the model has; none before they are known. */
  get tools(): readonly ToolName[] {
    return this.#tools ?? this.#chat?.tools ?? [];
  }

  set tools(names: readonly ToolName[]) {
    this.#tools = names;
    this.outdate();
  }

  /** Null takes away the one that it has. */
  set folder(folder: FileSystemDirectoryHandle | string | null) {
    this.#folder = folder;
    this.outdate();
  }

  /** The MCP servers of the person. */
  async mcp(): Promise<McpServers> {
    return (await this.alcove).mcp();
  }

  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Opens it once Python has booted, so that the model loads while the person reads or types: before, the two
   * would slow each other down.
   */
  async prepare(): Promise<void> {
    await (await this.alcove).ready;
    await this.connect();
  }

  /** Gives files to the `python` tool with the next message; the conversation has that tool from then on. */
  give(files: readonly File[]): void {
    this.#given.push(...files);
  }

  /** Ids of the documents that it is about. */
  get documents(): readonly string[] {
    return this.#documents ?? [];
  }

  set documents(ids: readonly string[]) {
    this.#documents = ids;
    this.outdate();
  }

  /** Other tools are wanted: the next use opens it anew. */
  outdate(): void {
    this.#outdated = true;
  }

  /**
   * The session, opened once; a failed opening can be tried again.
   * @throws AlcoveError when it cannot be had, an AbortError after {@link close}
   */
  async connect(): Promise<ChatSession> {
    const alcove = await this.alcove;
    if (this.#closed) throw new DOMException(w.closed, "AbortError");
    // Not while an answer is written: it would be stopped.
    if (this.#outdated && !this.#chat?.busy) {
      this.#outdated = false;
      if (this.#session) this.#session = this.#closeSession().then(() => this.#open(alcove));
    }
    this.#session ??= this.#open(alcove);
    const session = this.#session;
    try {
      const chat = await session;
      if (session === this.#session && chat !== this.#chat) {
        this.#chat = chat;
        this.dispatchEvent(new Event("choice"));
      }
      if (!this.#given.length) return chat;
      if (chat.tools.includes("python")) {
        await chat.give(...this.#given.splice(0));
        return chat;
      }
      this.tools = [...this.tools, "python"];
      return await this.connect();
    } catch (thrown) {
      // Another one may have taken its place.
      if (this.#session === session) this.#session = null;
      throw thrown;
    }
  }

  /**
   * Lets something else answer from now on; no turn may run.
   * @throws AlcoveError when that cannot be had; then what answered before goes on.
   */
  async use(wish: Wish): Promise<void> {
    const before = this.#wish;
    await this.#closeSession();
    this.#session = null;
    this.#wish = wish;
    try {
      await this.connect();
    } catch (thrown) {
      this.#wish = before;
      void this.connect().catch(() => undefined);
      throw thrown;
    }
  }

  /** How the conversation is answered was changed, here or in another tab. */
  readonly #follow = (event: Event): void => {
    const { id, what } = (event as CustomEvent<ConversationChange>).detail;
    if (what === "configured" && id === this.#wants().id) this.outdate();
  };

  /** New conversations begin otherwise from now on. */
  readonly #begin = (event: Event): void => {
    const what = (event as CustomEvent<PresetsChange>).detail;
    if (what === "defaults" && this.#wants().id === undefined) this.outdate();
  };

  /** Frees it for good. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#left.abort();
    await this.#closeSession();
  }

  async #closeSession(): Promise<void> {
    await this.#session?.then((chat) => chat.close()).catch(() => undefined);
  }

  async #open(alcove: Alcove): Promise<ChatSession> {
    const { id, look } = this.#wants();
    const { signal } = this.#left;
    alcove.conversations.addEventListener("change", this.#follow, { signal });
    if (id === undefined) (await alcove.presets()).addEventListener("change", this.#begin, { signal });
    const options: SessionOptions = { provider: "auto", ...this.#wish };
    if (this.#folder !== undefined) options.folder = this.#folder;
    const record = id === undefined ? undefined : await alcove.conversations.head(id);
    this.#documents ??= record?.documents;
    if (record?.agent) this.agent = record.agent;
    else if (this.agent?.id) options.agent = this.agent.id;
    if (this.#documents) options.documents = this.#documents;
    if (look || this.#tools) {
      options.tools = [...(this.#tools ?? record?.tools ?? []), ...(look ? [lookTool(alcove)] : [])];
    }
    if (id === undefined) return alcove.openSession(options);
    try {
      return await alcove.openSession({ ...options, resume: id });
    } catch (thrown) {
      // One whose first message failed early may not have been stored.
      if (await alcove.conversations.head(id)) throw thrown;
      return alcove.openSession(options);
    }
  }
}
