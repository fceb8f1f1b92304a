/**
 * Conversations as a file, and back:
 *
 *     {"format": "alcove-conversations", "version": 1, "conversations": [TranscriptRecord, …]}
 *
 * What is brought elsewhere and exported there is the same file again, byte for byte: nothing in it tells of the export.
 */
import { FORMAT, VERSION } from "../../../workers/importing/protocol.ts";
import type { Fork, TranscriptMessage, TranscriptRecord } from "../../../workers/python/protocol.ts";
import { listed, titleOf } from "./place.ts";
import { checkedSampling } from "./sampling.ts";

/** What became of an import. */
export interface ImportReport {
  /** Ids of what was added, as they are here. */
  added: string[];
  /** Ids of what was here already, the same. */
  skipped: string[];
  /** What was not taken, and why. */
  refused: { title: string; reason: string }[];
}

/**
 * One after the other, so that the page goes on meanwhile.
 * @param get a conversation of this id; what is not there is passed over
 */
export async function toFile(
  ids: readonly string[],
  get: (id: string) => Promise<TranscriptRecord | undefined>,
): Promise<Blob> {
  const about = JSON.stringify({ format: FORMAT, version: VERSION }).slice(0, -1);
  const parts: Blob[] = [];
  for (const id of ids) {
    const record = await get(id);
    // A browser may put a Blob to the disk: all of them together need not have room in memory.
    if (record) parts.push(new Blob([parts.length ? "," : "", JSON.stringify(record)]));
  }
  return new Blob([about, ',"conversations":[', ...parts, "]}"], { type: "application/json" });
}

const STRINGS = ["id", "title", "created", "updated", "provider", "model", "system"] as const;
const ROLES = new Set(["system", "developer", "user", "assistant", "tool"]);
const MOST_ID = 200;

/** The conversation in `given`, or why it is none. */
export function checked(given: unknown): TranscriptRecord | string {
  const fields = (given ?? {}) as Record<string, unknown>;
  for (const name of STRINGS) if (typeof fields[name] !== "string") return `It has no ${name}.`;
  const {
    id,
    title,
    created,
    updated,
    provider,
    model,
    system,
    sampling,
    tools,
    pageTools,
    plan,
    agent,
    pinned,
    archived,
    folder,
    documents,
    messages,
    branches,
  } = fields as unknown as TranscriptRecord;
  const isName = (tool: unknown) => typeof tool === "string";
  for (const names of [tools, pageTools, documents]) {
    if (names !== undefined && !(Array.isArray(names) && names.every(isName)))
      return "Its tools or documents are no names.";
  }
  if (plan !== undefined && (typeof plan !== "object" || plan === null || Array.isArray(plan)))
    return "Its plan is none.";
  if (agent !== undefined && !isWho(agent)) return "Its agent is none.";
  if (sampling !== undefined && !isSampling(sampling)) return "Its sampling is none.";
  if (!id || id.length > MOST_ID) return "Its id is empty or too long.";
  for (const time of [created, updated]) if (Number.isNaN(Date.parse(time))) return `"${time}" is no time.`;
  if (!Array.isArray(messages) || !messages.length) return "It has no messages.";
  const wrong = messages.findIndex((message) => !isMessage(message));
  if (wrong >= 0) return `Message ${wrong + 1} is none.`;
  if (branches !== undefined && !areForks(branches, 0, messages.length)) return "Its branches are none.";
  const about = {
    id,
    title: titleOf(title),
    created,
    updated,
    provider,
    model,
    system,
    ...(tools && { tools }),
  };
  const rest = {
    ...(sampling && { sampling: checkedSampling(sampling) }),
    ...(pageTools && { pageTools }),
    ...(plan && { plan }),
    ...(agent && { agent: who(agent) }),
    ...listed({ pinned, archived, folder }),
    ...(documents && { documents }),
  };
  return { ...about, ...rest, messages, ...(branches?.length && { branches: branches.map(asFork) }) };
}

function isSampling(given: unknown): boolean {
  try {
    checkedSampling(given);
    return true;
  } catch {
    return false;
  }
}

/** Whose conversation it is: an agent of this device may have the id. */
function isWho(given: unknown): boolean {
  const { id, name, system } = (given ?? {}) as { id?: unknown; name?: unknown; system?: unknown };
  if (system !== undefined && system !== true) return false;
  return typeof name === "string" && (id === undefined || typeof id === "string");
}

const who = ({ id, name, system }: NonNullable<TranscriptRecord["agent"]>) => ({
  name,
  ...(id !== undefined && { id }),
  ...(system && { system }),
});

/** Deeper than anybody edits, and far from where a browser's stack ends. */
const MOST_NESTED = 500;

/** Whether they are the forks, in their order, of messages that stand from place `from` up to place `to`. */
function areForks(given: unknown, from: number, to: number, depth = 0): given is Fork[] {
  let least = from;
  const isFork = (fork: Partial<Fork> | null) => {
    const { at, current, others } = fork ?? {};
    if (!Number.isInteger(at) || !Number.isInteger(current) || !Array.isArray(others)) return false;
    const [place, read] = [at as number, current as number];
    const inside = place >= least && place <= to && read >= 0 && read <= others.length;
    least = place + 1;
    return inside && others.length > 0 && others.every((branch) => isBranch(branch, place, depth + 1));
  };
  return Array.isArray(given) && given.every(isFork);
}

function isBranch(given: Partial<Fork["others"][number]> | null, at: number, depth: number): boolean {
  const { messages, branches } = given ?? {};
  const said = areMessages(messages) && messages.length > 0;
  return said && depth < MOST_NESTED && areForks(branches, at + 1, at + messages.length, depth);
}

/** Without what else somebody put there, in our order. */
const asFork = ({ at, current, others }: Fork): Fork => ({
  at,
  current,
  others: others.map(({ messages, branches }) => ({ messages, branches: branches.map(asFork) })),
});

const areMessages = (given: unknown, depth = 0): given is TranscriptMessage[] =>
  Array.isArray(given) && given.every((message) => isMessage(message, depth));

function isMessage(given: unknown, depth = 0): given is TranscriptMessage {
  const { role, content, tool_calls, metadata } = (given ?? {}) as Partial<TranscriptMessage>;
  if (!ROLES.has(role as string)) return false;
  if (tool_calls !== undefined && !Array.isArray(tool_calls)) return false;
  const { agents } = (metadata ?? {}) as { agents?: unknown };
  if (agents !== undefined && !(Array.isArray(agents) && agents.every((agent) => isAgent(agent, depth + 1))))
    return false;
  const isBlock = (block: unknown) =>
    typeof block === "object" && block !== null && typeof (block as { type?: unknown }).type === "string";
  return typeof content === "string" || (Array.isArray(content) && content.every(isBlock));
}

/** Whether this is what a sub-agent said and did (`py_app/message.py`). */
function isAgent(given: unknown, depth: number): boolean {
  const { id, name, messages } = (given ?? {}) as Record<string, unknown>;
  return (
    typeof id === "string" && typeof name === "string" && depth < MOST_NESTED && areMessages(messages, depth)
  );
}

/** Whether two say the same. */
export const equal = (one: TranscriptRecord, other: TranscriptRecord): boolean =>
  JSON.stringify([one.messages, one.branches]) === JSON.stringify([other.messages, other.branches]);
