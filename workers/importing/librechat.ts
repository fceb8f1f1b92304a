/**
 * LibreChat's export of one conversation: messages with those that follow them (`recursive`), or a plain list in which
 * each names the one that it follows.
 */
import type { Found } from "./protocol.ts";
import { contentOf, type Fields, fieldsOf, listIn, recordOf, textIn, timeOf } from "./record.ts";
import { type Message, type Node, pathThrough } from "./tree.ts";

export const isLibrechat = (given: Fields): boolean =>
  typeof given.conversationId === "string" &&
  (Array.isArray(given.messages) || Array.isArray(given.messagesTree));

export function fromLibrechat(given: Fields): Found {
  const all = flat(listIn(given.messagesTree ?? given.messages));
  const ids = new Set(all.map(({ id }) => id));
  // An export without branches may name nobody: each follows the one before.
  const named = all.some(({ parent }) => ids.has(parent));
  const parents = new Map(all.map(({ id, parent }, i) => [id, named ? parent : (all[i - 1]?.id ?? "")]));
  const children = new Map<string, string[]>();
  for (const [id, parent] of parents) children.set(parent, [...(children.get(parent) ?? []), id]);
  const nodes = new Map<string, Node>(
    all.map(({ id, message }) => [id, { message: messageOf(message), children: children.get(id) ?? [] }]),
  );
  const roots = [...ids].filter((id) => !ids.has(parents.get(id) ?? ""));
  const options = fieldsOf(given.options);
  const times = all.flatMap(({ message }) => timeOf(message.createdAt) ?? []).sort();
  const about = {
    id: given.conversationId,
    title: given.title,
    created: times[0],
    updated: times.at(-1),
    system: options.promptPrefix ?? options.system,
  };
  return recordOf(
    about,
    pathThrough(nodes, roots, (id) => parents.get(id), undefined),
  );
}

interface Flat {
  id: string;
  parent: string;
  message: Fields;
}

/** Without a call for each level: a long conversation is as deep as it is long. */
function flat(messages: readonly unknown[]): Flat[] {
  const found: Flat[] = [];
  const waiting: { message: Fields; parent?: string }[] = messages.map((message) => ({
    message: fieldsOf(message),
  }));
  for (let at = 0; at < waiting.length; at++) {
    const { message, parent = textIn(message.parentMessageId) } = waiting[at] as (typeof waiting)[number];
    const id = textIn(message.messageId) || `message ${at}`;
    found.push({ id, parent, message });
    for (const child of listIn(message.children)) waiting.push({ message: fieldsOf(child), parent: id });
  }
  return found;
}

function messageOf({ isCreatedByUser, sender, text, content }: Fields): Message | null {
  const parts = listIn(content).map(fieldsOf);
  const of = (kind: string) =>
    parts
      .filter(({ type }) => type === kind)
      .map((part) => textIn(part[kind]) || textIn(fieldsOf(part[kind]).value))
      .filter(Boolean)
      .join("\n\n");
  const said = of("text") || textIn(text).trim();
  const thinking = of("think");
  if (!said && !thinking) return null;
  const asked =
    typeof isCreatedByUser === "boolean" ? isCreatedByUser : textIn(sender).toLowerCase() === "user";
  return { role: asked ? "user" : "assistant", content: contentOf(said, thinking) };
}
