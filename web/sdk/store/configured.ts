/** How a conversation is answered, as its head keeps it. */
import type { Sampling } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Head } from "./database.ts";
import { checkedSampling } from "./sampling.ts";

export interface Configuration {
  /** System prompt; empty is the model's, or the agent's, own. */
  system?: string | undefined;
  sampling?: Sampling | undefined;
}

/** `head` with what is given. @throws AlcoveError `bad-request` for what is no sampling */
export function configured(head: Head, { system, sampling }: Configuration): Head {
  const next = { ...head };
  // An empty one is kept too: an answer under way would bring back what its session began with.
  if (sampling) next.sampling = checkedSampling(sampling);
  if (system === undefined) return next;
  if (typeof system !== "string") throw new AlcoveError("bad-request", "A system prompt is a text.");
  next.system = system;
  if (head.agent) {
    const { system: _, ...agent } = head.agent;
    next.agent = system ? { ...agent, system: true } : agent;
  }
  return next;
}

/**
 * What of a head stays as it is when a session saves: a person may have changed it since that session was opened. Of an
 * agent only whose system prompt counts: the conversation may go on with another.
 */
export function standing({ system, sampling, agent }: Head, saved: Pick<Head, "agent">): Partial<Head> {
  const same = saved.agent && agent && saved.agent.id === agent.id;
  return { system, ...(sampling && { sampling }), ...(same && { agent }) };
}
