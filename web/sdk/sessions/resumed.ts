/** What a conversation that is resumed has again of what it was opened with, and what it lacks. */
import type { SessionConfig, TranscriptRecord } from "../../../workers/python/protocol.ts";
import type { SessionOptions } from "../options.ts";
import type { AnyTool } from "./chat.ts";

type Earlier = Partial<Pick<TranscriptRecord, "plan" | "tools" | "pageTools">> & { imported?: boolean };

/** A tool as Python hears of it. */
export function declared(tool: AnyTool): SessionConfig["tools"][number] {
  if (typeof tool === "string") return tool;
  const { name, description, inputSchema, sideEffects = true } = tool;
  return { name, description, inputSchema, sideEffects };
}

interface Resumed {
  plan?: Record<string, unknown> | undefined;
  tools: AnyTool[];
  /** Sentences for whoever uses the conversation. */
  lacks: string[];
}

/** Nothing asked for is overruled: `options` win over what the conversation had. */
export function resumed(options: SessionOptions, earlier: Earlier = {}): Resumed {
  const { plan: kept, lacks } = planOf(options, earlier);
  const { agents } = options;
  const plan = agents ? { ...kept, agents: { ...(kept?.agents as object | undefined), ...agents } } : kept;
  const tools = options.tools ?? earlier.tools ?? [];
  const given = new Set(tools.map((tool) => (typeof tool === "string" ? tool : tool.name)));
  const missing = [...(earlier.tools ?? []), ...(earlier.pageTools ?? [])].filter((name) => !given.has(name));
  if (missing.length) lacks.push(`This conversation had tools that it has no more: ${missing.join(", ")}.`);
  return { plan, tools, lacks };
}

function planOf(
  options: SessionOptions,
  { plan, imported }: Earlier,
): Pick<Resumed, "plan"> & { lacks: string[] } {
  if (options.plan || !plan) return { plan: options.plan, lacks: [] };
  // It may name a server of somebody's, who would read all of it.
  if (imported)
    return { lacks: ["The plan that came with this conversation's file is not used unless it is given."] };
  const { providers, ...rest } = plan;
  if (options.provider || options.model) return { plan: rest, lacks: [] };
  const lacks = JSON.stringify(plan).includes(SECRET)
    ? ["A key in this conversation's plan was not kept. Give the plan again if it is needed."]
    : [];
  return { plan, lacks };
}

/** Stands where a secret was: `py_app/secrets.py` puts it there. */
const SECRET = "[redacted]";
