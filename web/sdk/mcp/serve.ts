/** The tools of a conversation for another page, as an MCP server over a MessagePort; whoever asks, they ask first. */
import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/sdk/types.js";
import { BUILD } from "../../../workers/build.ts";
import type { PythonClient } from "../../../workers/python/client.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import type { Approval, Permissions } from "../sessions/permissions.ts";
import { withTurn } from "../store/turn-lock.ts";
import { portTransport } from "./port.ts";

export interface ServeOptions {
  /** Whose tools they are. */
  chat: { id: string; open(): Promise<void> };
  /** What the server calls itself. */
  name?: string;
  /** Shows the person a question; without it only what they have allowed for longer runs. */
  onApproval?: (approval: Approval) => void;
}

interface Parts {
  python: Pick<PythonClient, "awake" | "tools" | "useTool" | "respond">;
  permissions: () => Promise<Permissions>;
}

/** Calls of another page that wait for each other. */
const MOST_WAITING = 32;

/** Serves until the port is closed, or `close` is called. */
export async function serveTools(
  port: MessagePort,
  { chat, name = "alcove", onApproval }: ServeOptions,
  { python, permissions }: Parts,
): Promise<{ close(): Promise<void> }> {
  const { CallToolRequestSchema, ListToolsRequestSchema, Server } = await import("./server-library.ts");
  const server = new Server({ name, version: BUILD.version }, { capabilities: { tools: {} } });
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;

  async function use(tool: string, input: unknown, signal: AbortSignal): Promise<CallToolResult> {
    let failed = false;
    const onEvent: Parameters<PythonClient["useTool"]>[3]["onEvent"] = (event) => {
      if (event.type === "tool" && event.phase === "end") failed = event.success === false;
      if (event.type === "approval") void question(event);
    };
    const question = async (event: Parameters<Permissions["ask"]>[0]) => {
      const answer = (option: string) => python.respond(chat.id, event.id, option);
      const asked = await (await permissions()).ask(event, chat.id, answer);
      if (!asked) return;
      if (onApproval) onApproval(asked);
      else await asked.respond("Deny");
    };
    await chat.open();
    // Python hears of a stop that is still to come.
    if (signal.aborted) throw new AlcoveError("cancelled", "Stopped.");
    const { content } = await python.useTool(chat.id, tool, input, { onEvent, signal });
    return { content: content.map(block), isError: failed };
  }

  server.setRequestHandler(ListToolsRequestSchema, async () => {
    await chat.open();
    const tools = await python.awake(() => python.tools(chat.id));
    // MCP wants it said.
    return {
      tools: tools.map((tool) => ({ ...tool, inputSchema: { ...tool.inputSchema, type: "object" } })),
    };
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal }): Promise<CallToolResult> => {
    if (waiting >= MOST_WAITING) return said(new AlcoveError("busy", "Too many calls wait already."));
    waiting += 1;
    const turn = () =>
      withTurn(chat.id, () => python.awake(() => use(params.name, params.arguments ?? {}, signal)));
    const done = last.then(() => (signal.aborted ? said(new AlcoveError("cancelled", "Stopped.")) : turn()));
    last = done.catch(() => undefined);
    return done
      .catch((thrown) => said(toAlcoveError(thrown)))
      .finally(() => {
        waiting -= 1;
      });
  });
  await server.connect(portTransport(port));
  return { close: () => server.close() };
}

const said = ({ message, action }: AlcoveError): CallToolResult => ({
  content: [{ type: "text", text: `${message} ${action}` }],
  isError: true,
});

/** A block of Amplifier's as one of MCP's. */
function block({ type, text, source }: Record<string, unknown>): ContentBlock {
  const picture = source as { media_type?: string; data?: string } | undefined;
  if (type === "image" && picture?.data) {
    return { type: "image", data: picture.data, mimeType: picture.media_type ?? "image/png" };
  }
  return { type: "text", text: String(text ?? "") };
}
