/**
 * ChatGPT's `conversations.json`: a list of conversations, each a tree (`mapping`) of nodes with a message, of which
 * some are hidden, and the last that was read (`current_node`).
 */
import type { Found } from "./protocol.ts";
import { contentOf, type Fields, fieldsOf, listIn, recordOf, textIn } from "./record.ts";
import { type Message, type Node, pathThrough } from "./tree.ts";

export const isChatgpt = (given: Fields): boolean => Object.keys(fieldsOf(given.mapping)).length > 0;

export function fromChatgpt(given: Fields): Found {
  const mapping = fieldsOf(given.mapping);
  const nodes = new Map<string, Node>();
  const parents = new Map<string, string>();
  for (const [id, value] of Object.entries(mapping)) {
    const { message, parent, children } = fieldsOf(value);
    nodes.set(id, { message: messageOf(fieldsOf(message)), children: listIn(children).map(textIn) });
    if (typeof parent === "string") parents.set(id, parent);
  }
  const roots = [...nodes.keys()].filter((id) => !nodes.has(parents.get(id) ?? ""));
  const path = pathThrough(nodes, roots, (id) => parents.get(id), textIn(given.current_node));
  const { title, create_time: created, update_time: updated, is_archived: archived } = given;
  const about = { id: given.conversation_id ?? given.id, title, created, updated };
  return recordOf({ ...about, archived, pinned: given.is_starred }, path);
}

/** Null for what nobody saw. */
function messageOf({ author, content, metadata }: Fields): Message | null {
  const role = textIn(fieldsOf(author).role);
  const said = fieldsOf(content);
  if (role === "system" || fieldsOf(metadata).is_visually_hidden_from_conversation === true) return null;
  const thinking = listIn(said.thoughts)
    .map((thought) => textIn(fieldsOf(thought).content))
    .join("\n\n")
    .trim();
  const text = shownText(said, role).trim();
  if (!text && !thinking) return null;
  return { role: role === "user" ? "user" : "assistant", content: contentOf(text, thinking) };
}

function shownText(content: Fields, role: string): string {
  const kind = textIn(content.content_type);
  if (kind === "code") return fenced(textIn(content.text), textIn(content.language));
  if (kind === "execution_output") return fenced(textIn(content.text), "");
  // What other tools said to the model was never shown.
  if (role === "tool" || (kind !== "text" && kind !== "multimodal_text")) return "";
  return listIn(content.parts).map(partText).filter(Boolean).join("\n\n");
}

function partText(part: unknown): string {
  if (typeof part === "string") return part;
  const { content_type: kind, text } = fieldsOf(part);
  if (kind === "image_asset_pointer") return "[picture]";
  return textIn(text);
}

function fenced(text: string, language: string): string {
  if (!text.trim()) return "";
  const longest = [...text.matchAll(/`+/g)].reduce((most, [run]) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `${fence}${/^[\w+#-]+$/.test(language) && language !== "unknown" ? language : ""}\n${text}\n${fence}`;
}
