/** The tools of an MCP server as a model is offered them, by names that are valid and nobody else's. */
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { CallOptions, Connection } from "./connection.ts";
import type { Lists } from "./lists.ts";
import { callName, fingerprint } from "./names.ts";
import { resourceText } from "./resource.ts";

export interface OfferedTool {
  /** The server's name of it. */
  name: string;
  /** The name by which a model calls it. */
  call: string;
  title: string;
  description: string;
  inputSchema: Record<string, unknown>;
  outputSchema?: Record<string, unknown> | undefined;
  /** See {@link fingerprint}. */
  print: string;
  run(input: Record<string, unknown>, options: CallOptions): Promise<CallToolResult>;
}

/** Characters: all tools' descriptions stand in every prompt. */
const MOST_DESCRIPTION = 2000;
const READ = "read_resource";
const MOST_RESOURCES = 20;

/** A small model loses its way among many: of more than these the first are chosen until the person chooses. */
const MOST_UNCHOSEN = 20;

export async function offered(server: string, lists: Lists, connection: Connection): Promise<OfferedTool[]> {
  const tools = lists.tools.map(async (tool): Promise<OfferedTool> => {
    const { name, description = "", inputSchema, outputSchema } = tool;
    const title = tool.title ?? tool.annotations?.title ?? name;
    return {
      name,
      call: callName(server, name),
      title,
      description: cut(description || title),
      inputSchema,
      outputSchema,
      print: await fingerprint(connection.url.href, name, title, description, inputSchema),
      run: (input, options) => connection.call(name, input, options),
    };
  });
  const all = await Promise.all(tools);
  if (lists.resources.length && !all.some(({ name }) => name === READ))
    all.push(await reader(server, lists, connection));
  return all;
}

export const isChosen = (tool: OfferedTool, place: number, chosen: readonly string[] | undefined): boolean =>
  chosen ? chosen.includes(tool.name) : place < MOST_UNCHOSEN;

/** What a server has to read, as a tool. */
async function reader(server: string, { resources }: Lists, connection: Connection): Promise<OfferedTool> {
  const named = resources.slice(0, MOST_RESOURCES).map(({ uri, title, name }) => `${uri} (${title ?? name})`);
  return {
    name: READ,
    call: callName(server, READ),
    title: "Read a resource",
    description: cut(`Read what this server has, by its URI: ${named.join(", ")}`),
    inputSchema: { type: "object", properties: { uri: { type: "string" } }, required: ["uri"] },
    // It reads whatever the server has; which that is may change.
    print: await fingerprint(connection.url.href, READ),
    run: async ({ uri }) => {
      const text = await resourceText(connection, String(uri));
      return { content: [{ type: "text", text }] };
    },
  };
}

const cut = (text: string): string =>
  text.length > MOST_DESCRIPTION ? `${text.slice(0, MOST_DESCRIPTION)}…` : text;
