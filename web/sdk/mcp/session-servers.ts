/** The MCP servers of one conversation: what Python asks of the page for `tool-alcove-mcp` (`py_app/tools/mcp.py`). */
import type { EncodedPicture } from "../../../workers/python/protocol.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { webAddress } from "../models/server-setup.ts";
import type { Access } from "./connection.ts";
import type { OfferedTool } from "./offer.ts";
import { resultOf } from "./result.ts";
import type { McpServers } from "./servers.ts";

/** A server as a plan has it; an empty one is the person's of that name. */
interface PlannedServer {
  url?: unknown;
  type?: unknown;
  headers?: unknown;
}

interface MountedTool extends Omit<OfferedTool, "run" | "name" | "title" | "call"> {
  name: string;
}

interface McpCall {
  server: string;
  /** The name by which the model called it, and what it was when it was mounted. */
  name: string;
  print: string;
  input: Record<string, unknown>;
}

interface Where {
  signal: AbortSignal;
  /** Tells the person, at the next turn. */
  lacks: string[];
  /** Tells what goes on now. */
  tell: (text: string) => void;
  /** Whether it may have this server of the person's. What somebody else's bundle asks for is not what a person gave. */
  mayUse: (server: string) => boolean;
}

export class SessionServers {
  readonly #servers: McpServers;
  readonly #planned = new Map<string, PlannedServer>();
  readonly #missing = new Set<string>();

  constructor(servers: McpServers) {
    this.#servers = servers;
  }

  /**
   * Does what Python asks: "tools" are those of a server as they are now; "call" calls one.
   * @throws AlcoveError
   */
  ask(what: string, input: unknown, where: Where): Promise<unknown> {
    if (what === "tools") return this.#list(input as { server: string; planned: PlannedServer }, where);
    return this.#call(input as McpCall, where);
  }

  /** One that cannot be had has no tools now, and maybe at a later turn. */
  async #list(
    { server, planned }: { server: string; planned: PlannedServer },
    { lacks, mayUse }: Where,
  ): Promise<{ tools: MountedTool[] }> {
    this.#planned.set(server, planned);
    try {
      const tools = await this.#now(server, mayUse);
      this.#missing.delete(server);
      return {
        tools: tools.map(({ call, description, inputSchema, outputSchema, print }) => {
          return { name: call, description, inputSchema, outputSchema, print };
        }),
      };
    } catch (thrown) {
      const { message, action } = toAlcoveError(thrown);
      if (!this.#missing.has(server))
        lacks.push(`The tools of “${server}” are not there: ${message} ${action}`);
      this.#missing.add(server);
      return { tools: [] };
    }
  }

  /** Its tools as they are now: the server is asked only when it said that they have changed. */
  async #now(server: string, mayUse: Where["mayUse"]): Promise<OfferedTool[]> {
    const planned = this.#planned.get(server) ?? {};
    if (planned.url !== undefined) return this.#servers.toolsAt(server, accessOf(server, planned));
    if (mayUse(server)) return this.#servers.toolsOf(server);
    throw new AlcoveError("bad-request", "It is a server of yours, which the agent asks for.", {
      action: "If it may use it, give it to this conversation among its tools.",
    });
  }

  async #call({ server, name, print, input }: McpCall, { signal, tell, mayUse }: Where): Promise<unknown> {
    const tool = (await this.#now(server, mayUse)).find(({ call }) => call === name);
    if (!tool) throw new AlcoveError("bad-request", `The server “${server}” has no such tool any more.`);
    if (tool.print !== print) {
      throw new AlcoveError("bad-request", `The tool "${name}" has changed since it was allowed.`, {
        action: "It was not run. It is there as it is now from the next message on, and asks first.",
      });
    }
    const result: { pictures: EncodedPicture[] } = resultOf(
      await tool.run(input, {
        signal,
        onProgress: ({ progress, total, message }) =>
          tell(
            [`${server}: ${total ? `${progress} of ${total}` : progress}`, message?.slice(0, 100)]
              .filter(Boolean)
              .join(" · "),
          ),
      }),
    );
    return result;
  }
}

const open = new WeakMap<object, SessionServers>();

/** Those of `chat`, for as long as it is open. */
export function serversOf(chat: object, servers: McpServers): SessionServers {
  const found = open.get(chat) ?? new SessionServers(servers);
  open.set(chat, found);
  return found;
}

const HTTP = new Set(["streamable-http", "streamable_http", "streamablehttp", "http"]);

/** @throws AlcoveError `unsupported` for a server that no page can ask, `bad-request` for one that is not whole */
function accessOf(name: string, { url, type, headers }: PlannedServer): Access {
  if (type !== undefined && !HTTP.has(String(type))) {
    throw new AlcoveError("unsupported", `“${name}” is a server of the kind "${String(type)}".`, {
      action: "A page can ask servers over Streamable HTTP only.",
    });
  }
  if (typeof url !== "string") {
    throw new AlcoveError("bad-request", `The address of “${name}” is no text.`);
  }
  const given = Object.entries((headers ?? {}) as Record<string, unknown>);
  const said = [url, ...given.map(([, value]) => String(value))];
  const missing = said.flatMap((text) => text.match(/\$\{[^}]*\}|\[redacted\]/) ?? []);
  if (missing.length) {
    throw new AlcoveError(
      "bad-request",
      `“${name}” wants a secret that is not here: ${missing.join(", ")}.`,
      {
        action: "Add the server yourself, with its token, or give the plan with the value in it.",
      },
    );
  }
  const sent = given.map(([header, value]): [string, string] => [header, String(value)]);
  try {
    new Headers(sent);
  } catch {
    // What a browser says of it holds the value.
    throw new AlcoveError("bad-request", `A header for “${name}” holds what cannot be sent.`, {
      action: "Give the plan with the value as the server's maker gave it.",
    });
  }
  return { url: webAddress(url).href, headers: Object.fromEntries(sent) };
}
