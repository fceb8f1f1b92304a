/** The connection to one MCP server: made when it is first needed, and made anew when it or its session is gone. */

import type { OAuthClientProvider } from "@modelcontextprotocol/sdk/client/auth.js";
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import type { CallToolResult, Progress } from "@modelcontextprotocol/sdk/types.js";
import { BUILD } from "../../../workers/build.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { failureOf, lostConnection, NotSignedIn } from "./failures.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import { type Lists, readLists } from "./lists.ts";

export interface Access {
  url: string;
  /** Sent with every request. */
  headers?: Record<string, string>;
  /** Signs in. */
  provider?: OAuthClientProvider;
  /** Other origins that may be asked: of whoever signs people in. */
  origins?: readonly string[];
}

export interface Limits {
  /** Milliseconds for the connection, and for each list. */
  connect: number;
  /** Milliseconds without a sign of life of a call; then in all. */
  silent: number;
  call: number;
}

/** A tool may take 120 seconds (`tool_timeout` of `loop-alcove`). */
export const LIMITS: Limits = { connect: 10_000, silent: 60_000, call: 115_000 };

/** What may be asked in vain before a server that cannot be had is tried again. */
const REST_MS = 15_000;

interface Live {
  client: Client;
  transport: StreamableHTTPClientTransport;
  /** Why it ended. */
  lost?: AlcoveError;
  /** How many work with it; once it is `gone` the last of them closes it. */
  users: number;
  gone?: true;
}

export interface CallOptions {
  signal?: AbortSignal | undefined;
  onProgress?: (progress: Progress) => void;
}

const library = () => import("./library.ts");

/** Whatever a server says is data: it is checked where it is read (`py_app/tools/mcp.py`). */
const UNCHECKED = {
  getValidator:
    <T>() =>
    (input: unknown) => ({ valid: true as const, data: input as T & {}, errorMessage: undefined }),
};

export class Connection {
  readonly url: URL;
  readonly #access: Access;
  readonly #limits: Limits;
  readonly #onChange: () => void;
  #live: Promise<Live> | null = null;
  /** What `#live` has become. */
  #current: Live | null = null;
  #lists: Promise<Lists> | null = null;
  /** What it said of how to sign in, the last time that it wanted to know the person. */
  wanted: string | undefined;
  #failed: { error: AlcoveError; at: number } | null = null;

  /** @param onChange what it offers may have changed */
  constructor(access: Access, onChange: () => void = () => undefined, limits = LIMITS) {
    this.url = new URL(access.url);
    this.#access = access;
    this.#limits = limits;
    this.#onChange = onChange;
  }

  /** Whether it asks what `access` says, in the same name. */
  isOf({ url, headers, origins }: Access): boolean {
    const mine = this.#access;
    return JSON.stringify([url, headers, origins]) === JSON.stringify([mine.url, mine.headers, mine.origins]);
  }

  /**
   * What it offers, asked for once until the server says that it has changed.
   * @param again asks a server again that could not be had a moment ago
   * @throws AlcoveError of the closed set; {@link NotSignedIn}
   */
  lists(again = false): Promise<Lists> {
    if (again) this.#failed = null;
    this.#lists ??= this.#use((client) => readLists(client, this.#limits.connect));
    const lists = this.#lists;
    lists.catch((error: AlcoveError) => {
      if (this.#lists !== lists) return;
      this.#lists = null;
      // A turn asks for them, and is not to wait for the same time and again.
      this.#failed ??= { error, at: Date.now() };
    });
    return lists;
  }

  /** @throws AlcoveError; `cancelled` when `signal` aborts, which the server is told of */
  call(name: string, input: Record<string, unknown>, options: CallOptions = {}): Promise<CallToolResult> {
    const { signal, onProgress = () => undefined } = options;
    return this.#use(async (client) => {
      const asked = {
        ...(signal ? { signal } : {}),
        timeout: this.#limits.silent,
        maxTotalTimeout: this.#limits.call,
        resetTimeoutOnProgress: true,
        onprogress: onProgress,
      };
      return (await client.callTool({ name, arguments: input }, undefined, asked)) as CallToolResult;
    }, signal).catch((thrown) => {
      // What it offered was for somebody whom it does not know any more.
      if (thrown instanceof NotSignedIn && this.#lists) {
        this.#lists = null;
        this.#onChange();
      }
      throw thrown;
    });
  }

  /** Does `work` with a prompt or a resource. */
  ask<T>(work: (client: Client, options: { timeout: number }) => Promise<T>): Promise<T> {
    return this.#use((client) => work(client, { timeout: this.#limits.connect }));
  }

  close(): void {
    const live = this.#live;
    this.#forget();
    void live
      ?.then(async ({ client, transport }) => {
        const late = new Promise((soon) => setTimeout(soon, 2000));
        await Promise.race([transport.terminateSession(), late]).catch(() => undefined);
        await client.close();
      })
      .catch(() => undefined);
  }

  async #use<T>(work: (client: Client) => Promise<T>, signal?: AbortSignal): Promise<T> {
    const found = await library();
    const hasToken = this.#access.headers?.Authorization !== undefined;
    for (let tries = 0; ; tries++) {
      let live: Live | undefined;
      try {
        live = await this.#connected();
        live.users += 1;
        return await work(live.client);
      } catch (thrown) {
        if (signal?.aborted) throw new AlcoveError("cancelled", "Stopped.");
        // The server has forgotten the session, and has done nothing of what was asked.
        const gone = thrown instanceof found.StreamableHTTPError && thrown.code === 404;
        if (gone && live?.transport.sessionId && tries === 0) {
          // Others still wait for their answers there, or have begun a new one already.
          live.gone = true;
          if (live === this.#current) this.#forget();
          continue;
        }
        throw failureOf(thrown, this.url, found, { lost: live?.lost, hasToken });
      } finally {
        if (live && --live.users === 0 && live.gone) void live.client.close();
      }
    }
  }

  #forget(): void {
    this.#live = null;
    this.#current = null;
    this.#lists = null;
  }

  async #connected(): Promise<Live> {
    if (this.#failed && Date.now() - this.#failed.at < REST_MS) throw this.#failed.error;
    this.#failed = null;
    this.#live ??= this.#connect();
    const connecting = this.#live;
    try {
      const live = await connecting;
      if (this.#live === connecting) this.#current = live;
      return live;
    } catch (thrown) {
      if (this.#live === connecting) this.#forget();
      throw thrown;
    }
  }

  async #connect(): Promise<Live> {
    const found = await library();
    const { Client, StreamableHTTPClientTransport } = found;
    const answered = new Set<unknown>();
    const end = (error: AlcoveError) => {
      live.lost ??= error;
      if (live === this.#current) this.#forget();
      void client.close();
    };
    const fetch = guardedFetch({
      origins: new Set([this.url.origin, ...(this.#access.origins ?? [])]),
      patience: this.#limits.connect,
      onUnauthorized: (header) => {
        this.wanted = header;
      },
      // What the stream said last is on its way to whoever asked.
      onEnd: (requests, error) =>
        setTimeout(() => {
          if (error || requests.some((id) => !answered.has(id))) end(error ?? lostConnection(this.url.host));
        }),
    });
    const { headers, provider } = this.#access;
    const transport = new StreamableHTTPClientTransport(this.url, {
      fetch,
      ...(headers ? { requestInit: { headers } } : {}),
      ...(provider ? { authProvider: provider } : {}),
      reconnectionOptions: {
        initialReconnectionDelay: 500,
        maxReconnectionDelay: 10_000,
        reconnectionDelayGrowFactor: 2,
        maxRetries: 6,
      },
    });
    transport.onmessage = (message) => {
      if ("id" in message && !("method" in message)) answered.add(message.id);
    };
    const client = new Client(
      { name: "alcove", version: BUILD.version },
      // Nothing of the person's: no sampling, no elicitation, no roots. The SDK refuses what a server asks for.
      { capabilities: {}, jsonSchemaValidator: UNCHECKED },
    );
    const live: Live = { client, transport, users: 0 };
    const changed = () => {
      // It may say so again and again; what nobody has read since is told once.
      if (!this.#lists) return;
      this.#lists = null;
      this.#onChange();
    };
    client.setNotificationHandler(found.ToolListChangedNotificationSchema, changed);
    client.setNotificationHandler(found.PromptListChangedNotificationSchema, changed);
    client.setNotificationHandler(found.ResourceListChangedNotificationSchema, changed);
    try {
      await client.connect(transport as never, { timeout: this.#limits.connect });
    } catch (thrown) {
      void client.close();
      const hasToken = headers?.Authorization !== undefined;
      const error = failureOf(thrown, this.url, found, { lost: live.lost, hasToken });
      this.#failed = { error, at: Date.now() };
      throw error;
    }
    client.onerror = (error) => {
      if (/^Maximum reconnection attempts/.test(error.message)) end(lostConnection(this.url.host));
    };
    return live;
  }
}
