/** From the stored transcript of a session, and from the events of a turn, to what the page draws. */
import type { AnswerSource, ChatEvent, TextFile } from "../../sdk/index.ts";
import type { Message } from "./drafts.ts";
import { endOf, type Figures, timeOf } from "./endings.ts";
import { filesOf, isGiven, sourcesOf, withSources } from "./sources.ts";

interface TextPart {
  kind: "text";
  text: string;
}

/** What the model thought; `ms` is null while it does, and where nobody took the time. */
export interface ThinkingPart {
  kind: "thinking";
  text: string;
  ms: number | null;
}

export interface ToolPart {
  kind: "tool";
  id: string;
  name: string;
  input: unknown;
  result: unknown;
  state: "running" | "done" | "failed";
  /** What the person chose, where they were asked. */
  approval?: string | undefined;
  /** Pictures that it made for the person, as data URLs. */
  drawn?: readonly string[];
  /** Who worked for it. */
  agents?: readonly AgentPart[];
}

/** A sub-agent: what it was to do, and what it said and did. */
export interface AgentPart {
  id: string;
  name: string;
  task: string;
  parts: readonly Part[];
  state: "running" | "done" | "stopped" | "failed" | "unfinished";
  error?: string;
}

/** A word of Alcove's or of a hook's about the turn; it is no part of what the model said, and is not kept. */
interface NoticePart {
  kind: "notice";
  level: "info" | "warning" | "error";
  text: string;
}

export type Part = TextPart | ThinkingPart | ToolPart | NoticePart;

/** Whether a part is something that the model said or did. */
export const isSaid = ({ kind }: Part): boolean => kind === "text" || kind === "tool";

/** A picture of the person's, and what a vision model (`by`) said of it where the answering one cannot see. */
export interface ShownPicture {
  url: string;
  description?: string;
  by?: string;
}

export interface UserEntry {
  kind: "user";
  key: number;
  text: string;
  pictures: readonly ShownPicture[];
  /** Files whose text went with it. */
  files?: readonly TextFile[];
  /** When it was said, ISO 8601; undefined where nobody noted it. */
  time?: string | undefined;
  /** It was said while the answer before it was written, whose turn goes on after it. */
  steered?: true;
}

/** One turn of the assistant: text, thinking and tool calls in the order in which they came. */
export interface AnswerEntry {
  kind: "answer";
  key: number;
  parts: readonly Part[];
  /** What it may name as `[n]`. */
  sources: readonly AnswerSource[];
  streaming: boolean;
  finishReason: string | null;
  figures: Figures | null;
  /** When it was said, ISO 8601; undefined where nobody noted it. */
  time?: string | undefined;
}

export type Entry = UserEntry | AnswerEntry;

let lastKey = 0;
/** Entries are replaced, never changed in place; the key tells which one an entry replaces. */
const nextKey = (): number => ++lastKey;

export const newAnswer = (streaming: boolean, sources: readonly AnswerSource[] = []): AnswerEntry => ({
  kind: "answer",
  key: nextKey(),
  parts: [],
  sources,
  streaming,
  finishReason: null,
  figures: null,
  time: streaming ? new Date().toISOString() : undefined,
});

export const answerText = (entry: AnswerEntry): string =>
  entry.parts
    .filter((part) => part.kind === "text")
    .map((part) => part.text)
    .join("\n\n");

/** What was sent with this entry. */
export const messageOf = ({ text, pictures, files = [] }: UserEntry): Message => ({
  text,
  pictures: pictures.map(({ url }) => url),
  files,
});

/** Appends to the last part, where that is of this kind, or starts one. */
export function withText(parts: readonly Part[], text: string, kind: "text" | "thinking" = "text"): Part[] {
  const last = parts.at(-1);
  if (last?.kind === kind) return [...parts.slice(0, -1), { ...last, text: last.text + text }];
  return [...parts, kind === "text" ? { kind, text } : { kind, text, ms: null }];
}

/** Thinking that ended, which may take the place of what was taken for text. */
function withThinking(parts: readonly Part[], text: string, ms: number, instead = false): Part[] {
  const before = instead && parts.at(-1)?.kind === "text" ? parts.slice(0, -1) : parts;
  return withText(before, text, "thinking").map((part, i, all) =>
    part.kind === "thinking" && i === all.length - 1 ? { ...part, ms } : part,
  );
}

/** Replaces the tool part with this id, or appends it. */
function withTool(parts: readonly Part[], tool: ToolPart): Part[] {
  const known = parts.some((part) => part.kind === "tool" && part.id === tool.id);
  if (!known) return [...parts, tool];
  return parts.map((part) => (part.kind === "tool" && part.id === tool.id ? { ...part, ...tool } : part));
}

/** A question of now. */
export const newQuestion = ({ text, pictures, files = [] }: Message): UserEntry => ({
  ...{ kind: "user", key: nextKey(), text, files, time: new Date().toISOString() },
  pictures: pictures.map((url) => ({ url })),
});

/** The answer after an event of its turn other than text. */
export function withEvent(answer: AnswerEntry, event: ChatEvent): AnswerEntry {
  switch (event.type) {
    case "thinking":
      return { ...answer, parts: withThinking(answer.parts, event.text, event.ms ?? 0, event.instead) };
    case "tool": {
      const { id, name, input, result, success, phase, approval } = event;
      const state = phase === "start" ? "running" : success === false ? "failed" : "done";
      const part: ToolPart = { kind: "tool", id, name, input, result, state, approval };
      return { ...answer, parts: withTool(answer.parts, part) };
    }
    case "sources":
      return { ...answer, sources: withSources(answer.sources, event.sources) };
    case "figure": {
      const { id, picture } = event;
      const call = answer.parts.findLast((part) => part.kind === "tool" && (part.id === id || !id));
      if (call?.kind !== "tool") return answer;
      const url = `data:${picture.media_type};base64,${picture.data}`;
      return { ...answer, parts: withTool(answer.parts, { ...call, drawn: [...(call.drawn ?? []), url] }) };
    }
    case "usage": {
      const { tokensPerSecond, ttftMs, completionTokens } = event;
      if (tokensPerSecond === null || ttftMs === null) return answer;
      return { ...answer, figures: { tokensPerSecond, ttftMs, completionTokens } };
    }
    case "notice":
      return {
        ...answer,
        parts: [...answer.parts, { kind: "notice", level: event.level, text: event.text }],
      };
    case "end": {
      const said = answer.parts.some(isSaid);
      const last = answer.parts.at(-1);
      const told = last?.kind === "text" && event.text.startsWith(last.text) ? last.text : event.text;
      // What came as the turn was stopped was told in no piece.
      const more = said ? event.text.slice(told.length) : event.text;
      const parts = more ? withText(answer.parts, more) : answer.parts;
      return { ...answer, parts, finishReason: event.finishReason };
    }
    default:
      return answer;
  }
}

/** The place of the message with which the last turn begins; -1 where there is none. */
export const lastQuestion = (entries: readonly Entry[]): number =>
  entries.findLastIndex((entry) => entry.kind === "user" && !entry.steered);

type Fields = Record<string, unknown>;

/** A message as sessions keep it: plain text or content blocks, OpenAI's or Amplifier's tool calls. */
interface StoredMessage {
  role: string;
  content?: unknown;
  tool_calls?: unknown;
  tool_call_id?: unknown;
  metadata?: unknown;
}

const asText = (content: unknown): string => {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content == null ? "" : JSON.stringify(content);
  return content
    .filter((block: Fields) => block.type === "text" && !isGiven(block))
    .map((block: Fields) => String(block.text ?? ""))
    .join("\n\n");
};

/** The thinking and the words of an answer, in their order. */
function said(content: unknown): Part[] {
  if (!Array.isArray(content)) {
    const text = asText(content);
    return text.trim() ? [{ kind: "text", text }] : [];
  }
  let parts: Part[] = [];
  for (const { type, text, thinking, ms } of content as Fields[]) {
    if (type === "thinking" && thinking)
      parts.push({ kind: "thinking", text: `${thinking}`, ms: typeof ms === "number" ? ms : null });
    if (type !== "text" || !`${text ?? ""}`.trim()) continue;
    parts = withText(parts, parts.at(-1)?.kind === "text" ? `\n\n${text}` : `${text}`);
  }
  return parts;
}

function pictureOf(block: Fields): ShownPicture[] {
  const source = block.source as Fields | undefined;
  const url = source?.data ? `data:${source.media_type ?? "image/png"};base64,${source.data}` : source?.url;
  if (block.type !== "image" || typeof url !== "string") return [];
  const { description, described_by: by } = block;
  return [{ url, ...(description ? { description: `${description}` } : {}), ...(by ? { by: `${by}` } : {}) }];
}

/** The pictures of a message's content. */
const picturesOf = (content: unknown): ShownPicture[] =>
  Array.isArray(content) ? (content as Fields[]).flatMap(pictureOf) : [];

/** Tells of the `index`-th picture that the person sent, counted over all messages, what it shows. */
export function withSeen(entries: readonly Entry[], index: number, seen: Omit<ShownPicture, "url">): Entry[] {
  let left = index;
  return entries.map((entry) => {
    if (entry.kind !== "user") return entry;
    const at = left;
    left -= entry.pictures.length;
    if (at < 0 || left >= 0) return entry;
    return { ...entry, pictures: entry.pictures.map((one, i) => (i === at ? { ...one, ...seen } : one)) };
  });
}

const parsed = (input: unknown): unknown => {
  if (typeof input !== "string") return input;
  try {
    return JSON.parse(input);
  } catch {
    return input;
  }
};

function toolPart(call: Fields): ToolPart {
  const inner = (call.function ?? call) as Fields;
  return {
    kind: "tool",
    id: String(call.id ?? ""),
    name: String(inner.name ?? call.tool ?? "tool"),
    input: parsed(inner.arguments ?? inner.input),
    result: undefined,
    state: "done",
  };
}

function toolParts(message: StoredMessage): ToolPart[] {
  const calls: Fields[] = Array.isArray(message.tool_calls) ? [...message.tool_calls] : [];
  if (Array.isArray(message.content)) {
    const blocks = message.content as Fields[];
    const seen = new Set(calls.map((call) => call.id));
    calls.push(...blocks.filter((block) => block.type === "tool_call" && !seen.has(block.id)));
  }
  return calls.map(toolPart);
}

/** The call with what came of it. */
function withResult(call: ToolPart, { metadata, content }: StoredMessage, text: string): ToolPart {
  const { approval, agents: kept } = (metadata ?? {}) as { approval?: unknown; agents?: unknown };
  const drawn = picturesOf(content).map(({ url }) => url);
  const agents = Array.isArray(kept) ? kept.map(agentPart) : [];
  const more = { ...(drawn.length && { drawn }), ...(agents.length && { agents }) };
  const state = agents.some((agent) => agent.state !== "done") ? ("failed" as const) : call.state;
  const done = { ...call, result: parsed(text), state, ...more };
  if (typeof approval !== "string") return done;
  return { ...done, approval, state: /^allow/i.test(approval) ? "done" : "failed" };
}

/** How the work of a sub-agent ended; another tab may be at it yet. */
const KEPT: Readonly<Record<string, AgentPart["state"]>> = {
  success: "done",
  error: "failed",
  cancelled: "stopped",
};

/** A sub-agent as the transcript keeps it (`py_app/message.py`). */
function agentPart({ id, name, status, error, messages }: Fields): AgentPart {
  const entries = toEntries(Array.isArray(messages) ? messages : []);
  return {
    id: `${id}`,
    name: `${name}`,
    task: questions(entries)[0]?.text ?? "",
    parts: entries.flatMap((entry) => (entry.kind === "answer" ? entry.parts : [])),
    state: KEPT[`${status}`] ?? "unfinished",
    ...(typeof error === "string" && { error }),
  };
}

/** Turns a transcript into entries; everything between two messages of the person is one answer. */
export function toEntries(messages: readonly object[]): Entry[] {
  const entries: Entry[] = [];
  let found: AnswerSource[] = [];
  const answer = (): AnswerEntry => {
    const last = entries.at(-1);
    if (last?.kind === "answer") return last;
    const fresh = newAnswer(false, found);
    entries.push(fresh);
    return fresh;
  };
  const replace = (entry: AnswerEntry, parts: Part[], sources = entry.sources) => {
    entries[entries.length - 1] = { ...entry, parts, sources };
  };
  for (const message of messages as readonly StoredMessage[]) {
    const text = asText(message.content);
    if (message.role === "user") {
      const steered = (message.metadata as { steered?: unknown } | undefined)?.steered === true;
      const pictures = picturesOf(message.content);
      if (!steered) found = sourcesOf(message);
      const time = timeOf(message.metadata);
      const files = filesOf(message);
      entries.push({
        kind: "user",
        key: nextKey(),
        text,
        pictures,
        files,
        time,
        ...(steered && { steered }),
      });
    } else if (message.role === "assistant") {
      const entry = { ...answer(), ...endOf(message.metadata) };
      replace(entry, [...entry.parts, ...said(message.content), ...toolParts(message)]);
    } else if (message.role === "tool") {
      const entry = answer();
      const call = entry.parts.find((part) => part.kind === "tool" && part.id === message.tool_call_id);
      const sources = withSources(entry.sources, sourcesOf(message));
      if (call?.kind === "tool")
        replace(entry, withTool(entry.parts, withResult(call, message, text)), sources);
    }
  }
  return entries;
}

/** The place of each entry's first message among the messages that {@link toEntries} makes them of. */
export function placesOf(messages: readonly { role: string }[]): number[] {
  const shown = messages.flatMap(({ role }, place) =>
    role === "user" || role === "assistant" || role === "tool" ? [{ role, place }] : [],
  );
  const begins = ({ role }: { role: string }, index: number) =>
    role === "user" || index === 0 || shown[index - 1]?.role === "user";
  return shown.filter(begins).map(({ place }) => place);
}

/** What the person said. */
export const questions = (entries: readonly Entry[]): UserEntry[] =>
  entries.filter((entry) => entry.kind === "user");

/** How an answer ends that can be gone on with. */
const BROKEN = new Set(["interrupted", "error", "cancelled", "length"]);

/** Whether an answer broke off, or was stopped, after some words. */
export const isBroken = (entry: Entry | undefined): entry is AnswerEntry =>
  entry?.kind === "answer" &&
  BROKEN.has(entry.finishReason ?? "") &&
  entry.parts.some(({ kind }) => kind !== "notice");
