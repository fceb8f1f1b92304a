/** What a conversation is opened with: its model, its tools, its plan, from what is asked for and what it had. */
import type { ModelSpec } from "../../../workers/engine/contract.ts";
import type { Sampling, SessionConfig } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Agents } from "../agents/agents.ts";
import { agentOf } from "../agents/session.ts";
import type { Home } from "../home/home.ts";
import {
  type Choice,
  type Choosing,
  isEngine,
  PROVIDERS,
  type Provider,
  type Wish,
} from "../models/choice.ts";
import { plannedChoice, plannedProvider } from "../models/planned.ts";
import type { SessionOptions } from "../options.ts";
import type { Conversations } from "../store/conversations.ts";
import { checkedSampling } from "../store/sampling.ts";
import type { AnyTool } from "./chat.ts";
import type { Presets } from "./presets.ts";
import { declared, resumed } from "./resumed.ts";

/** The parts of Alcove that this looks at. */
interface Opening extends Choosing {
  conversations: Conversations;
  agents: Agents;
  home: Home;
  presets: () => Promise<Presets>;
}

interface Answers {
  /** The model where no plan names one. */
  choose: (wish: Partial<Wish>) => Promise<Choice>;
  /** The person's own server, as Python's provider wants it. */
  serverConfig: () => Promise<Record<string, unknown>>;
}

interface Prepared {
  /** What was asked for. */
  provider: "auto" | Provider;
  config: SessionConfig;
  choice: Choice;
  tools: AnyTool[];
  /** What the conversation had and is missing now, for the person. */
  lacks: string[];
  /** Null where a server answers. */
  model: ModelSpec | null;
}

/** @throws AlcoveError as `Alcove.openSession` */
export async function prepareSession(
  options: SessionOptions,
  on: Opening,
  { choose, serverConfig }: Answers,
): Promise<Prepared> {
  const { provider = "auto", approvals = "ask", budget, resume, system } = options;
  if (provider !== "auto" && !PROVIDERS.includes(provider)) {
    throw new AlcoveError("bad-request", `There is no provider called "${provider}".`, {
      action: `Use "auto" or one of: ${PROVIDERS.join(", ")}.`,
    });
  }
  const record = resume === undefined ? undefined : await on.conversations.head(resume);
  if (resume !== undefined && !record) {
    throw new AlcoveError("bad-request", "There is no such conversation.", {
      action: "Choose one from the list or start a new one.",
    });
  }
  const { plan, tools, lacks } = resumed(options, record);
  const { agent, wish, lost } = await agentOf(options, record, on.agents);
  lacks.push(...lost);
  const planned = plannedProvider(agent && !agent.model ? agent : plan);
  const choice = planned
    ? await plannedChoice(planned, on)
    : await choose({ ...options, ...wish, before: record });
  const model = isEngine(choice.provider) ? await on.models.find(choice.model) : null;
  const beginning = record || agent || plan ? undefined : await (await on.presets()).defaults();
  const prompt = system ?? (record?.system || beginning?.system || model?.system);
  const sampling = checkedSampling(options.sampling ?? record?.sampling ?? beginning?.sampling ?? {});
  const id = resume ?? crypto.randomUUID();
  const changes = record && changed(options, record);
  if (changes) await on.conversations.configure(id, changes);
  const config: SessionConfig = {
    id,
    provider: choice.provider,
    model: choice.model,
    ...(model || planned ? {} : { providerConfig: await serverConfig() }),
    ...(prompt ? { system: prompt } : {}),
    ...(Object.keys(sampling).length ? { sampling } : {}),
    tools: tools.map(declared),
    approvals,
    ...(budget ? { budget } : {}),
    messages: null,
    // As under a foreign plan, no turn begins before it is known that it may.
    plan: plan ?? (agent ? {} : null),
    ...(agent ? { agent } : {}),
    documents: [...(options.documents ?? record?.documents ?? [])],
    ...(await on.home.folderFor(id, options.folder, lacks)),
  };
  return { provider, config, choice, tools, lacks, model };
}

/** What of a conversation is asked for otherwise than it was kept. */
function changed(
  { system, sampling }: SessionOptions,
  record: { system: string; sampling?: Sampling },
): Pick<SessionOptions, "system" | "sampling"> | undefined {
  const same = sampling === undefined || JSON.stringify(sampling) === JSON.stringify(record.sampling ?? {});
  if (same && (system === undefined || system === record.system)) return undefined;
  return { ...(system !== undefined && { system }), ...(sampling && { sampling }) };
}
