/** The answer under way as it is kept: its events, and the messages that they become when it breaks off. */
import type { TranscriptMessage, TurnEvent } from "../../../workers/python/protocol.ts";

/** `interrupted`: its tab was closed or died, or Python did. */
export type BrokenOff = "interrupted" | "cancelled" | "error";

/** Whether an event is a part of the answer itself, or of the thinking before it; what sub-agents say is not. */
export const isSaid = ({ type, agent }: TurnEvent): boolean =>
  !agent && (type === "text" || type === "thinking" || type === "tool");

/** Adds an event to a piece; text is put together, and so is thinking. */
export function addTo(piece: TurnEvent[], event: TurnEvent): void {
  const last = piece.at(-1);
  if (event.type === "text" && last?.type === "text") {
    piece[piece.length - 1] = { type: "text", text: last.text + event.text };
  } else if (
    event.type === "thinking" &&
    !event.instead &&
    last?.type === "thinking" &&
    last.ms === undefined
  ) {
    piece[piece.length - 1] = { ...last, ...event, text: last.text + event.text };
  } else piece.push(event.type === "text" ? { type: "text", text: event.text } : event);
}

/**
 * A conversation with what there is of an answer that broke off, or is under way: the results of tools that were called,
 * the thinking and the text; an answer that was gone on with stays one message. A call that was never written down as such
 * is left out: nobody knows whether it ran.
 */
export function withAnswer(
  messages: readonly TranscriptMessage[],
  events: readonly TurnEvent[],
  why: BrokenOff,
): TranscriptMessage[] {
  const waiting = openCalls(messages);
  const all = [...messages];
  let text = "";
  let thinking = "";
  let ms: number | undefined;
  for (const event of events) {
    if (event.type === "text") text += event.text;
    if (event.type === "thinking") {
      if (event.instead) text = "";
      thinking += event.text;
      ms = event.ms ?? ms;
    }
    if (event.type !== "tool" || event.phase !== "end" || !waiting.delete(event.id)) continue;
    const content = typeof event.result === "string" ? event.result : JSON.stringify(event.result ?? null);
    all.push({ role: "tool", tool_call_id: event.id, name: event.name, content });
  }
  if (!text && !thinking) return all;
  const thought = thinking ? [{ type: "thinking", thinking, ...(ms && { ms }) }] : [];
  const last = all.at(-1);
  const goesOn = last?.role === "assistant" && !last.tool_calls;
  const content = joined(goesOn ? last.content : "", thought, text);
  const answer: TranscriptMessage = { role: "assistant", content, metadata: { finish_reason: why } };
  return goesOn ? [...all.slice(0, -1), { ...last, ...answer }] : [...all, answer];
}

type Content = TranscriptMessage["content"];

/** What was said before, and after it the thinking and the text: one text where it went on in one. */
function joined(before: Content, thought: Record<string, unknown>[], text: string): Content {
  if (typeof before === "string") {
    if (!thought.length) return before + text;
    return joined(before ? [{ type: "text", text: before }] : [], thought, text);
  }
  const last = before.at(-1);
  if (last?.type === "text" && !thought.length)
    return [...before.slice(0, -1), { ...last, text: `${last.text}${text}` }];
  return [...before, ...thought, ...(text ? [{ type: "text", text }] : [])];
}

/** Ids of the calls of the last answer that have no result. */
function openCalls(messages: readonly TranscriptMessage[]): Set<string> {
  const asked = messages.findLastIndex(({ role }) => role === "assistant");
  const calls = messages[asked]?.tool_calls;
  const ids = new Set(Array.isArray(calls) ? calls.map(({ id }: { id: string }) => id) : []);
  for (const { role, tool_call_id } of messages.slice(asked + 1))
    if (role === "tool") ids.delete(`${tool_call_id}`);
  return ids;
}
