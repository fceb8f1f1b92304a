/** What an MCP server offers, read page by page; what is no tool is left out by its name, and the rest stays. */
import type { Client } from "@modelcontextprotocol/sdk/client/index.js";
import type { Prompt, Resource, Tool } from "@modelcontextprotocol/sdk/types.js";

export interface Lists {
  tools: Tool[];
  refused: { name: string; reason: string }[];
  prompts: Prompt[];
  resources: Resource[];
}

const MOST_ITEMS = 1000;
const MOST_PAGES = 50;
/** Characters: all tools' schemas stand in every prompt. */
const MOST_SCHEMA = 20_000;

interface Kind<T> {
  method: string;
  key: string;
  schema: { safeParse(item: unknown): { success: true; data: T } | { success: false } };
}

/** @throws what the SDK throws */
export async function readLists(client: Client, timeout: number): Promise<Lists> {
  const { PromptSchema, ResourceSchema, ResultSchema, ToolSchema } = await import("./library.ts");
  const refused: Lists["refused"] = [];
  const refuse = (item: unknown, reason: string) => {
    if (refused.length < 100) refused.push({ name: nameOf(item), reason });
  };

  async function all<T>(there: boolean, { method, key, schema }: Kind<T>): Promise<T[]> {
    const found: T[] = [];
    let cursor: unknown;
    for (let page = 0; there && page < MOST_PAGES; page++) {
      const params = cursor === undefined ? {} : { cursor };
      const answer: Record<string, unknown> = await client.request(
        { method, params } as never,
        ResultSchema,
        { timeout },
      );
      for (const item of Array.isArray(answer[key]) ? (answer[key] as unknown[]) : []) {
        if (found.length >= MOST_ITEMS) return found;
        const read = schema.safeParse(item);
        if (read.success) found.push(read.data);
        else if (key === "tools") refuse(item, "what the server says of it is no description of a tool");
      }
      cursor = answer.nextCursor;
      if (typeof cursor !== "string" || !cursor) break;
    }
    return found;
  }

  const can = client.getServerCapabilities() ?? {};
  const [listed, prompts, resources] = await Promise.all([
    all<Tool>(!!can.tools, { method: "tools/list", key: "tools", schema: ToolSchema as never }),
    all<Prompt>(!!can.prompts, { method: "prompts/list", key: "prompts", schema: PromptSchema as never }),
    all<Resource>(!!can.resources, {
      method: "resources/list",
      key: "resources",
      schema: ResourceSchema as never,
    }),
  ]);
  const names = new Set<string>();
  const tools = listed.filter((tool) => {
    const reason = names.has(tool.name)
      ? "the server has two tools of this name"
      : JSON.stringify(tool.inputSchema).length > MOST_SCHEMA
        ? "its schema is too long"
        : "";
    if (reason) refuse(tool, reason);
    names.add(tool.name);
    return !reason;
  });
  return { tools, refused, prompts, resources };
}

function nameOf(item: unknown): string {
  const name = (item as { name?: unknown } | null)?.name;
  return typeof name === "string" ? name.slice(0, 100) : "(no name)";
}
