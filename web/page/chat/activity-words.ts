/** Events of a conversation in words, and as lines of JSON. */
import type { ActivityEntry } from "../../sdk/index.ts";
import { took } from "../kit/format.ts";
import { w } from "./words/sheets.ts";

/** The time of day on the person's clock, to the millisecond. */
export function clock(iso: string): string {
  const time = new Date(iso);
  if (Number.isNaN(time.getTime())) return "";
  const digits = (value: number, count: number) => String(value).padStart(count, "0");
  const day = [time.getHours(), time.getMinutes(), time.getSeconds()].map((value) => digits(value, 2));
  return `${day.join(":")}.${digits(time.getMilliseconds(), 3)}`;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The names of those who work for the conversation, in the order in which they began. */
export const agentNames = (entries: readonly ActivityEntry[]): string[] => [
  ...new Set(entries.flatMap(({ agent }) => (agent ? [agent.name] : []))),
];

/** Whose event it is, from the conversation's own (0) downwards. */
export function depths(entries: readonly ActivityEntry[]): Map<ActivityEntry, number> {
  const of = new Map<string, number>();
  return new Map(
    entries.map((entry) => {
      const { agent } = entry;
      const depth = agent ? (of.get(agent.parent) ?? 0) + 1 : 0;
      if (agent) of.set(agent.id, depth);
      return [entry, depth];
    }),
  );
}

/** What an event is about, and what it cost: "add · llamacpp · 15 tokens · 12 ms". */
export function about({ data, engine, tokens, seconds }: ActivityEntry): string {
  const error = (data.error as { message?: unknown; msg?: unknown } | undefined) ?? {};
  return [
    text(data.tool_name) || text(data.prompt).slice(0, 60),
    text(error.message) || text(error.msg),
    engine,
    tokens == null ? "" : w.tokens({ count: tokens }),
    seconds == null ? "" : took(1000 * seconds),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** Whose events are looked at: all, the conversation's own, or an agent's by its name. */
export type Whose = { all: true } | { agent: string | null };

/** Those that hold each of the words, anywhere, of those whose events are looked at. */
export function matching(
  entries: readonly ActivityEntry[],
  words: string,
  whose: Whose = { all: true },
): readonly ActivityEntry[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!wanted.length && "all" in whose) return entries;
  return entries.filter((entry) => {
    if ("agent" in whose && whose.agent !== (entry.agent?.name ?? null)) return false;
    const said = wanted.length ? JSON.stringify(entry).toLowerCase() : "";
    return wanted.every((word) => said.includes(word));
  });
}

/** "42 events · 1,234 tokens · 3.2 s with the model". Of a model's answer `llm:response` alone is counted. */
export function totals(entries: readonly ActivityEntry[]): string {
  const answers = entries.filter(({ event }) => event === "llm:response");
  const sum = (of: (entry: ActivityEntry) => number | undefined) =>
    answers.reduce((total, entry) => total + (of(entry) ?? 0), 0);
  const tokens = sum((entry) => entry.tokens);
  return [
    w.eventCount({ count: entries.length }),
    tokens ? w.tokens({ count: tokens }) : "",
    answers.length ? w.withModel({ time: took(1000 * sum((entry) => entry.seconds)) }) : "",
  ]
    .filter(Boolean)
    .join(" · ");
}

/** One event a line, as Amplifier's own tools keep them. */
export const jsonLines = (entries: readonly ActivityEntry[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
