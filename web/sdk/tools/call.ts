/** Runs what Python calls on the page: a function of the page's, or the page's part of a tool of ours. */
import type { ToolName } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Documents } from "../documents/documents.ts";
import type { StatusBoard } from "../engines/status.ts";
import type { McpServers } from "../mcp/servers.ts";

/** Stands before the names of what tools of ours do here. No model can name one: it names the tool. */
const OURS = "alcove:";
const MCP = `${OURS}mcp-`;

interface Context {
  chat: { id: string; tools: readonly ToolName[] };
  signal: AbortSignal;
}

/** What the page's part of a tool of ours works with. */
export interface PageWork {
  mcp: () => Promise<McpServers>;
  documents: Documents;
  status: StatusBoard;
  /** Whether a bundle says what it is made of. */
  bundled: boolean;
  /** What the conversation lacks of what it had or was to have; told at the next turn. */
  lacks: string[];
}

/** @throws AlcoveError `bad-request` for an unknown tool, or with what the function threw */
export async function callTool<C extends Context>(
  tools: ReadonlyMap<string, { execute(input: never, context: C): unknown }>,
  name: string,
  input: unknown,
  context: C,
  { mcp, documents, status, lacks, bundled }: PageWork,
): Promise<unknown> {
  if (name.startsWith(MCP)) {
    const tell = (text: string) => status.report("turn", { phase: "thinking", text });
    const { serversOf } = await import("../mcp/session-servers.ts");
    return serversOf(context.chat, await mcp()).ask(name.slice(MCP.length), input, {
      signal: context.signal,
      lacks,
      tell,
      mayUse: (server) => !bundled || context.chat.tools.includes(`mcp:${server}`),
    });
  }
  if (name.startsWith(OURS)) {
    const { callBuiltIn } = await import("./built-in.ts");
    const where = { conversation: context.chat.id, signal: context.signal, documents };
    return callBuiltIn(name.slice(OURS.length), input, where);
  }
  const tool = tools.get(name);
  if (!tool) throw new AlcoveError("bad-request", `There is no tool called "${name}".`);
  try {
    return await tool.execute(input as never, context);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AlcoveError("bad-request", `The tool "${name}" failed: ${message}`);
  }
}
