/** What sub-agents say and do while they do it, nested in the calls that they work for. */
import type { Agent, ChatEvent } from "../../sdk/index.ts";
import { type AgentPart, newAnswer, type Part, type ToolPart, withEvent, withText } from "./transcript.ts";

/** An answer's parts after an event of a sub-agent. */
export function withAgent(parts: readonly Part[], agent: Agent, event: ChatEvent): readonly Part[] {
  if (event.type === "agent" && event.phase === "start") {
    const begun: AgentPart = { ...agent, task: event.instruction, parts: [], state: "running" };
    const nested = changed(parts, agent.parent, (one) => ({
      ...one,
      parts: begin(one.parts, event.call, begun),
    }));
    return nested ?? begin(parts, event.call, begun);
  }
  return changed(parts, agent.id, (one) => after(one, event)) ?? parts;
}

/** The turn is over: nobody works for it any more. */
export function ended(parts: readonly Part[]): Part[] {
  return parts.map((part) => {
    if (part.kind !== "tool") return part;
    const agents = part.agents?.map((one) => ({
      ...one,
      parts: ended(one.parts),
      state: one.state === "running" ? ("stopped" as const) : one.state,
    }));
    const state = part.state === "running" ? "failed" : part.state;
    return { ...part, state, ...(agents && { agents }) };
  });
}

/** Puts who begins to work into the call that it works for; into the last one where nobody knows which that is. */
function begin(parts: readonly Part[], call: string, begun: AgentPart): Part[] {
  const at = parts.findLastIndex((part) => part.kind === "tool" && (part.id === call || !call));
  return parts.map((part, i) =>
    i === at && part.kind === "tool" ? { ...part, agents: [...(part.agents ?? []), begun] } : part,
  );
}

function after(agent: AgentPart, event: ChatEvent): AgentPart {
  if (event.type === "agent") {
    if (event.phase === "start") return agent;
    const state = STATES[event.status];
    const parts = ended(agent.parts);
    return { ...agent, parts, state, ...(event.error && { error: event.error }) };
  }
  const { parts } = agent;
  if (event.type === "text") return { ...agent, parts: withText(parts, event.text) };
  if (event.type === "thinking" && event.ms === undefined)
    return { ...agent, parts: withText(parts, event.text, "thinking") };
  return { ...agent, parts: withEvent({ ...newAnswer(true), parts }, event).parts };
}

const STATES = { success: "done", cancelled: "stopped", error: "failed" } as const;

/** `parts` with the agent of this id changed, however deep it is; null where it is not there. */
function changed(
  parts: readonly Part[],
  id: string,
  change: (agent: AgentPart) => AgentPart,
): readonly Part[] | null {
  // The last: one that goes on has worked before.
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i];
    const agents = part?.kind === "tool" && inside(part, id, change);
    if (agents) return parts.with(i, { ...(part as ToolPart), agents });
  }
  return null;
}

function inside(
  { agents = [] }: ToolPart,
  id: string,
  change: (agent: AgentPart) => AgentPart,
): readonly AgentPart[] | null {
  for (let i = agents.length - 1; i >= 0; i--) {
    const agent = agents[i] as AgentPart;
    if (agent.id === id) return agents.with(i, change(agent));
    const parts = changed(agent.parts, id, change);
    if (parts) return agents.with(i, { ...agent, parts });
  }
  return null;
}
