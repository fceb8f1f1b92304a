/** The MCP servers of the person: `alcove.mcp`. */
import type { PythonClient } from "../../../workers/python/client.ts";
import { AlcoveError, type ErrorData, toAlcoveError } from "../../../workers/wire/errors.ts";
import { serverKey, webAddress } from "../models/server-setup.ts";
import type { Permissions } from "../sessions/permissions.ts";
import type { Settings } from "../store/settings.ts";
import { type Access, Connection, LIMITS } from "./connection.ts";
import { NotSignedIn } from "./failures.ts";
import { type KeptServer, KeptServers } from "./kept.ts";
import type { Lists } from "./lists.ts";
import { serverId } from "./names.ts";
import { isChosen, type OfferedTool, offered } from "./offer.ts";
import { promptText, resourceText } from "./resource.ts";
import type { ServeOptions } from "./serve.ts";
import { SignInProvider, signIn, signInAt } from "./sign-in.ts";

/** A server as a person sees it; of its secrets only whether it has one. */
export interface McpServer {
  /** `openSession({ tools: ["mcp:<id>"] })`. */
  id: string;
  name: string;
  /** Without what follows a "?", which may be a secret. */
  url: string;
  hasToken: boolean;
  /** "sign-in" waits for {@link McpServers.signIn}; what it offers is known once it is "ready". */
  state: "unknown" | "ready" | "sign-in" | "failed";
  error?: ErrorData;
  /** Where the person signs in. */
  signInAt?: string;
  /** `call`: the name by which a model calls it; `on`: whether it gets it. */
  tools: { name: string; call: string; title: string; description: string; on: boolean }[];
  /** What it calls a tool and is none. */
  refused: { name: string; reason: string }[];
  prompts: {
    name: string;
    title: string;
    description: string;
    arguments: { name: string; required: boolean }[];
  }[];
  resources: { uri: string; title: string; description: string }[];
}

type State = Pick<McpServer, "state"> & Partial<Pick<McpServer, "error" | "signInAt">> & { lists?: Lists };

interface Parts {
  settings: Settings;
  permissions: () => Promise<Permissions>;
  python: PythonClient;
  limits?: typeof LIMITS;
}

/** Emits "change" when the list, or what a server offers, may have become another. */
export class McpServers extends EventTarget {
  readonly #kept: KeptServers;
  readonly #parts: Parts;
  readonly #connections = new Map<string, Connection>();
  readonly #states = new Map<string, State>();
  /** Those that wait for a sign-in: nothing may be read before a window is opened. */
  readonly #known = new Map<string, KeptServer>();
  #signingIn: AbortController | undefined;

  constructor(parts: Parts) {
    super();
    this.#parts = parts;
    this.#kept = new KeptServers(parts.settings);
  }

  /**
   * Adds a server and asks what it offers. One at the same address gets the new name and token.
   * @throws AlcoveError `bad-request` for no address, no token, or no MCP server there; `download-failed`, `timeout`,
   *   `unsupported`. Nothing is kept then. One that wants the person to sign in is kept.
   */
  async add({ url, name, token }: { url: string; name?: string; token?: string }): Promise<McpServer> {
    const address = webAddress(url).href;
    const all = await this.#kept.all();
    const same = all.find((server) => server.url === address);
    const title = name?.trim().slice(0, 60) || same?.name || new URL(address).host;
    const key = serverKey(token ?? same?.token ?? "");
    const { token: _, ...rest } = same ?? {
      id: serverId(
        title,
        all.map(({ id }) => id),
      ),
    };
    const server: KeptServer = { ...rest, name: title, url: address, ...(key ? { token: key } : {}) };
    this.#disconnect(server.id);
    const state = await this.#look(server);
    if (state.state === "failed" && state.error) {
      this.#disconnect(server.id);
      throw AlcoveError.from(state.error);
    }
    await this.#kept.put(server);
    this.#changed();
    return this.#shown(server);
  }

  /** All of them, as far as they are known; asks nothing of them. */
  async list(): Promise<McpServer[]> {
    return Promise.all((await this.#kept.all()).map((server) => this.#shown(server)));
  }

  /** Asks a server what it offers now. What goes wrong stands in `state` and `error`. */
  async look(id: string): Promise<McpServer> {
    const server = await this.#kept.get(id);
    await this.#look(server, true);
    return this.#shown(server);
  }

  /** Sets which of its tools a model gets, by the server's names of them. */
  async choose(id: string, tools: readonly string[]): Promise<void> {
    await this.#kept.get(id);
    await this.#kept.change(id, (server) => ({ ...server, chosen: [...tools] }));
    this.#changed();
  }

  /**
   * Lets the person sign in to a server whose `state` is "sign-in", in a window of its own; call it from a click.
   * @throws AlcoveError `bad-request` when that was refused, `cancelled`, `timeout`; `unsupported` where no window opens,
   *   or the server offers no way to sign in
   */
  async signIn(id: string, { signal }: { signal?: AbortSignal } = {}): Promise<McpServer> {
    const at = this.#states.get(id)?.signInAt;
    const known = this.#known.get(id);
    if (!at || !known) {
      throw new AlcoveError("unsupported", "This server offers no way to sign in.", {
        action: "Give it a token.",
      });
    }
    this.#signingIn?.abort();
    this.#signingIn = new AbortController();
    const stop = signal ? AbortSignal.any([signal, this.#signingIn.signal]) : this.#signingIn.signal;
    await signIn(this.#kept, known, at, { signal: stop, patience: this.#patience });
    this.#disconnect(id);
    const shown = await this.look(id);
    this.#changed();
    return shown;
  }

  /** Forgets a server, its token, and what was allowed of its tools. */
  async remove(id: string): Promise<void> {
    this.#disconnect(id);
    this.#known.delete(id);
    await this.#kept.remove(id);
    await (await this.#parts.permissions()).forgetTools((tool) => tool.startsWith(`mcp_${id}_`));
    this.#changed();
  }

  /** A prompt of a server, as the text of a message. @throws AlcoveError */
  async prompt(id: string, name: string, given: Record<string, string> = {}): Promise<string> {
    return promptText(this.#connection(await this.#kept.get(id)), name, given);
  }

  /** What a resource of a server says. @throws AlcoveError */
  async read(id: string, uri: string): Promise<string> {
    return resourceText(this.#connection(await this.#kept.get(id)), uri);
  }

  /**
   * Offers the tools of a conversation to another page: as an MCP server at the other end of `port`, where
   * `portTransport` makes it a transport of the official SDK. They are asked for as ever; one call runs at a time, and
   * none in a turn.
   */
  async serve(port: MessagePort, options: ServeOptions): Promise<{ close(): Promise<void> }> {
    return (await import("./serve.ts")).serveTools(port, options, this.#parts);
  }

  /** The tools that a model gets of a server of the person's. @throws AlcoveError @internal */
  async toolsOf(id: string): Promise<OfferedTool[]> {
    const server = await this.#kept.get(id);
    const tools = await this.#offered(id, this.#connection(server)).catch((thrown) => {
      // Whoever shows it asks it anew.
      if (this.#states.get(id)?.state === "ready") {
        this.#states.delete(id);
        this.#changed();
      }
      throw thrown;
    });
    return tools.filter((tool, place) => isChosen(tool, place, server.chosen));
  }

  /** The tools of a server that a plan names. @throws AlcoveError @internal */
  async toolsAt(name: string, access: Access): Promise<OfferedTool[]> {
    const taken = (await this.#kept.all()).map(({ id }) => id);
    const key = JSON.stringify([name, access]);
    const connection = this.#connections.get(key) ?? new Connection(access, undefined, this.#parts.limits);
    this.#connections.set(key, connection);
    return this.#offered(serverId(name, taken), connection);
  }

  close(): void {
    for (const id of [...this.#connections.keys()]) this.#disconnect(id);
  }

  get #patience(): number {
    return (this.#parts.limits ?? LIMITS).connect;
  }

  /** The tools of a connection, by names that start with `id`. */
  async #offered(id: string, connection: Connection): Promise<OfferedTool[]> {
    return offered(id, await connection.lists(), connection);
  }

  async #look(server: KeptServer, again = false): Promise<State> {
    const { id } = server;
    let state: State;
    try {
      const connection = this.#connection(server);
      state = { state: "ready", lists: await connection.lists(again) };
    } catch (thrown) {
      const error = toAlcoveError(thrown).toData();
      if (thrown instanceof NotSignedIn && !server.token) {
        const at = await signInAt(server.url, this.#connections.get(id)?.wanted, this.#patience);
        state = { state: "sign-in", error, ...(at ? { signInAt: at } : {}) };
        this.#known.set(id, server);
      } else state = { state: "failed", error };
    }
    this.#states.set(id, state);
    return state;
  }

  #connection(server: KeptServer): Connection {
    const { id, url, token, signedIn } = server;
    const access: Access = { url };
    if (token) access.headers = { Authorization: `Bearer ${token}` };
    else if (signedIn?.tokens) {
      access.provider = new SignInProvider(this.#kept, id);
      access.origins = [signedIn.at];
    }
    const known = this.#connections.get(id);
    if (known?.isOf(access)) return known;
    // Another tab may have given it another token.
    known?.close();
    const changed = () => {
      this.#states.delete(id);
      this.#changed();
    };
    const connection = new Connection(access, changed, this.#parts.limits);
    this.#connections.set(id, connection);
    return connection;
  }

  #disconnect(id: string): void {
    this.#connections.get(id)?.close();
    this.#connections.delete(id);
    this.#states.delete(id);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }

  async #shown(server: KeptServer): Promise<McpServer> {
    const { id, name, url, token, chosen } = server;
    const { lists, ...state } = this.#states.get(id) ?? { state: "unknown" as const };
    const { origin, pathname } = new URL(url);
    const connection = this.#connections.get(id);
    const tools = lists && connection ? await offered(id, lists, connection) : [];
    return {
      id,
      name,
      url: origin + pathname,
      hasToken: token !== undefined,
      ...state,
      tools: tools.map((tool, place) => {
        const { name, call, title, description } = tool;
        return { name, call, title, description, on: isChosen(tool, place, chosen) };
      }),
      refused: lists?.refused ?? [],
      prompts: (lists?.prompts ?? []).map(
        ({ name, title = name, description = "", arguments: wants = [] }) => ({
          name,
          title,
          description,
          arguments: wants.map(({ name, required = false }) => ({ name, required })),
        }),
      ),
      resources: (lists?.resources ?? []).map(({ uri, name, title = name, description = "" }) => ({
        uri,
        title,
        description,
      })),
    };
  }
}
