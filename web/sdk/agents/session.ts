/** Whose conversation one is that is opened. */
import type { SessionAgent, TranscriptRecord } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { SessionOptions } from "../options.ts";
import type { Agents } from "./agents.ts";

interface Opened {
  agent?: SessionAgent;
  /** What its bundle wants to answer, where that is the person's own server. */
  wish?: { provider: "openai"; model?: string };
  /** Sentences for whoever uses the conversation: what it has no more. */
  lost: string[];
}

/** @throws AlcoveError `bad-request` for an agent that is not there, and for one beside a plan */
export async function agentOf(
  options: SessionOptions,
  record: Pick<TranscriptRecord, "agent"> | undefined,
  agents: Agents,
): Promise<Opened> {
  const { agent: id, bundle, plan, provider, model, system } = options;
  if ([id, bundle, plan].filter((each) => each !== undefined).length > 1) {
    throw new AlcoveError("bad-request", "A conversation has an agent, a bundle or a plan, and one of them.");
  }
  if (id === undefined && bundle === undefined) {
    const earlier = plan ? undefined : record?.agent;
    if (!earlier) return { lost: [] };
    if (earlier.id === undefined) return gone(`The bundle of “${earlier.name}” was not kept.`);
    if (!(await agents.has(earlier.id)))
      return gone(`The agent “${earlier.name}” is not on this device any more.`);
    const { agent, ...opened } = await agentOf({ ...options, agent: earlier.id }, undefined, agents);
    if (earlier.system && agent) agent.system = true;
    return { ...opened, ...(agent ? { agent } : {}) };
  }
  const agent = await agents.open(bundle === undefined ? { agent: id as string } : { bundle });
  if (system !== undefined) agent.system = true;
  if ((provider && provider !== "auto") || model) agent.model = true;
  const wish = agent.model ? undefined : ownServer(agent);
  if (wish) agent.model = true;
  return { agent, lost: [], ...(wish ? { wish } : {}) };
}

const gone = (why: string): Opened => ({
  lost: [`${why} This conversation goes on without its instructions and tools.`],
});

/** A server that the bundle does not name is the person's. */
function ownServer({ providers }: SessionAgent): Opened["wish"] {
  const [first] = providers;
  if (first?.module !== "provider-openai" || first.config?.base_url) return undefined;
  const { model } = first.config ?? {};
  return { provider: "openai", ...(typeof model === "string" ? { model } : {}) };
}
