/** Servers that tests start: the official SDK's in Python, and one that answers whatever a test wants. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after } from "node:test";
import type { Limits } from "../../../../web/sdk/mcp/connection.ts";
import { Permissions } from "../../../../web/sdk/sessions/permissions.ts";
import type { Conversations } from "../../../../web/sdk/store/conversations.ts";
import { Settings } from "../../../../web/sdk/store/settings.ts";

Object.assign(globalThis, { __BUILD__: { version: "1" } });
export const { LIMITS } = await import("../../../../web/sdk/mcp/connection.ts");
const { McpServers } = await import("../../../../web/sdk/mcp/servers.ts");

/** What is to end when the tests of a file have. */
const ending: (() => void)[] = [];
after(() => {
  for (const end of ending) end();
});

const PYTHON = process.platform === "win32" ? ".venv/Scripts/python.exe" : ".venv/bin/python";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Starts `notes_server.py`; resolves when it listens. */
export async function notesServer(port: number, ...options: string[]): Promise<ChildProcess> {
  const server = spawn(PYTHON, ["tests/unit/ts/mcp/notes_server.py", String(port), ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  ending.push(() => server.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}/mcp`;
  for (let tries = 0; ; tries++) {
    if (await fetch(url).catch(() => null)) return server;
    if (tries > 300 || server.exitCode !== null) throw new Error("The MCP server did not start.");
    await new Promise((soon) => setTimeout(soon, 50));
  }
}

type Message = { id?: number; method: string; params?: Record<string, unknown> };
export type Answer = (message: Message, response: ServerResponse, request: IncomingMessage) => unknown;

/** The answers of a server that does nothing wrong and has the tools `tools`. */
export const sound =
  (tools: () => unknown[], call: Answer = () => ({ content: [] })): Answer =>
  (message, ...rest) => {
    switch (message.method) {
      case "initialize":
        return {
          protocolVersion: "2025-11-25",
          capabilities: { tools: { listChanged: true } },
          serverInfo: { name: "scripted", version: "1" },
        };
      case "tools/list":
        return { tools: tools() };
      case "tools/call":
        return call(message, ...rest);
      default:
        return undefined;
    }
  };

/**
 * A server whose `answer` is the result of each request. Where it is undefined it has answered by itself, or the message
 * wants no answer.
 */
export async function scripted(
  answer: Answer,
  onGet: (request: IncomingMessage, response: ServerResponse) => boolean = () => false,
): Promise<{ url: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request);
    if (request.method === "GET") {
      if (!onGet(request, response)) response.writeHead(405).end();
      return;
    }
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const message = (chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {}) as Message;
    const result = await answer(message, response, request);
    if (response.headersSent || result === HANGS) return;
    if (message.id === undefined) return void response.writeHead(202).end();
    response.writeHead(200, { "Content-Type": "application/json", "Mcp-Session-Id": "one" });
    response.end(JSON.stringify({ jsonrpc: "2.0", id: message.id, result: result ?? {} }));
  }).listen(0, "127.0.0.1");
  ending.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise((listening) => server.once("listening", listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, asked };
}

/** The answer that never comes. */
export const HANGS = Symbol("hangs");

export const TOOL = { name: "add", description: "Adds.", inputSchema: { type: "object" } };

/** `alcove.mcp()` without a page, and what was allowed. */
export function person(limits: Partial<Limits> = {}) {
  const settings = new Settings(null);
  const conversations = { list: async () => [] } as unknown as Conversations;
  const permissions = new Permissions(settings, conversations);
  const servers = new McpServers({
    settings,
    permissions: async () => permissions,
    python: {} as never, // for those who serve
    limits: { ...LIMITS, ...limits },
  });
  ending.unshift(() => servers.close());
  const allowed = async () => (await permissions.list()).map(({ tool }) => tool);
  /** Whether a tool, as it is, is asked about; "Allow always" is the answer then. */
  const asks = async (tool: string, print: string): Promise<boolean> => {
    const question = {
      type: "approval",
      id: "1",
      prompt: "",
      options: ["Allow always"],
      tool,
      origin: `mcp ${print}`,
    };
    const asked = await permissions.ask(question as never, "c", async () => undefined);
    await asked?.respond("Allow always");
    return asked !== null;
  };
  return { servers, settings, asks, allowed };
}
