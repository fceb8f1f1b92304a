/** Open WebUI's export of chats: a list of them, each with a tree of messages by their ids (`chat.history`). */
import type { Found } from "./protocol.ts";
import { contentOf, type Fields, fieldsOf, listIn, picturesAt, recordOf, textIn } from "./record.ts";
import { type Message, type Node, pathThrough } from "./tree.ts";

export function isOpenWebui(given: Fields): boolean {
  const { history, messages } = fieldsOf(given.chat);
  return Object.keys(fieldsOf(fieldsOf(history).messages)).length > 0 || Array.isArray(messages);
}

export function fromOpenWebui(given: Fields): Found {
  const chat = fieldsOf(given.chat);
  const history = fieldsOf(chat.history);
  const messages = fieldsOf(history.messages);
  const system = textIn(fieldsOf(chat.params).system) || textIn(chat.system);
  const title = textIn(given.title) || textIn(chat.title);
  const created = given.created_at ?? chat.timestamp;
  const { id, updated_at: updated, pinned, archived } = given;
  const about = { id, title, created, updated, system, pinned, archived };
  // Old ones have no tree.
  if (!Object.keys(messages).length) {
    const said = listIn(chat.messages).flatMap((message) => messageOf(fieldsOf(message)) ?? []);
    return recordOf(about, { messages: said, branches: [] });
  }
  const nodes = new Map<string, Node>();
  const parents = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    const message = fieldsOf(value);
    nodes.set(key, { message: messageOf(message), children: listIn(message.childrenIds).map(textIn) });
    if (typeof message.parentId === "string") parents.set(key, message.parentId);
  }
  const roots = [...nodes.keys()].filter((key) => !nodes.has(parents.get(key) ?? ""));
  return recordOf(
    about,
    pathThrough(nodes, roots, (key) => parents.get(key), textIn(history.currentId)),
  );
}

/** What was thought and what tools did stands in the text, as markup. */
const DETAILS = /<details\b[^>]*type="([a-z_]+)"[^>]*>([\s\S]*?)<\/details>\s*/gi;
const SUMMARY = /<summary>[\s\S]*?<\/summary>/i;

function messageOf({ role, content, files }: Fields): Message | null {
  if (role !== "user" && role !== "assistant") return null;
  const thoughts: string[] = [];
  const text = textIn(content)
    .replace(DETAILS, (_all, kind: string, inner: string) => {
      if (kind === "reasoning") thoughts.push(plain(inner.replace(SUMMARY, "")));
      return "";
    })
    .trim();
  const pictures = listIn(files).flatMap((file) => picturesAt(fieldsOf(file).url));
  const thinking = thoughts.join("\n\n").trim();
  if (!text && !thinking && !pictures.length) return null;
  return { role, content: contentOf(text, thinking, pictures) };
}

const SIGNS: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  "#39": "'",
  "#x27": "'",
  amp: "&",
};

/** Each of its lines is a quotation, with signs of markup written out. */
const plain = (markup: string): string =>
  markup
    .replace(/&(lt|gt|quot|#39|#x27|amp);/g, (all, name: string) => SIGNS[name] ?? all)
    .replace(/^> ?/gm, "")
    .trim();
