/** The answer under way as it is kept: its events, and the messages that they become when it breaks off. */
import type { TranscriptMessage, TurnEvent } from "../../../workers/python/protocol.ts";

/** `interrupted`: its tab was closed or died, or Python did. */
export type BrokenOff = "interrupted" | "cancelled" | "error";

/** Whether an event is a part of the answer itself. */
export const isSaid = (event: TurnEvent): boolean => event.type === "text" || event.type === "tool";

/** Adds an event to a piece; text is put together. */
export function addTo(piece: TurnEvent[], event: TurnEvent): void {
  const last = piece.at(-1);
  if (event.type === "text" && last?.type === "text") {
    piece[piece.length - 1] = { type: "text", text: last.text + event.text };
  } else piece.push(event.type === "text" ? { type: "text", text: event.text } : event);
}

/**
 * What an answer that broke off leaves to the conversation, after its `messages`: the results of tools that were called
 * there, and the text. A call that was never written down as such is left out: nobody knows whether it ran.
 */
export function messagesOf(
  events: readonly TurnEvent[],
  messages: readonly TranscriptMessage[],
  why: BrokenOff,
): TranscriptMessage[] {
  const waiting = openCalls(messages);
  const said: TranscriptMessage[] = [];
  let text = "";
  for (const event of events) {
    if (event.type === "text") text += event.text;
    if (event.type !== "tool" || event.phase !== "end" || !waiting.delete(event.id)) continue;
    const content = typeof event.result === "string" ? event.result : JSON.stringify(event.result ?? null);
    said.push({ role: "tool", tool_call_id: event.id, name: event.name, content });
  }
  if (text) said.push({ role: "assistant", content: text, metadata: { finish_reason: why } });
  return said;
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
