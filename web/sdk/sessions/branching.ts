/**
 * What changes a conversation besides its turns, and what is set aside as it changes. All of it is done while no other
 * tab runs a turn, when Python has the conversation as it is kept.
 */
import type { Prompt, TranscriptMessage } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { type Alternatives, alternatives, type Path, without } from "../store/branches.ts";
import type { Conversations } from "../store/conversations.ts";
import type { ConversationWriter } from "../store/writer.ts";
import type { OpenInPython } from "./open-in-python.ts";

export interface Held {
  id: string;
  open: OpenInPython;
  store: Conversations;
  writer: ConversationWriter;
}

/** Where the last turn begins: what was said while it ran is a part of it. */
const lastQuestion = (messages: readonly TranscriptMessage[]): number =>
  messages.findLastIndex((message) => message.role === "user" && !isSteered(message));

const isSteered = ({ metadata }: TranscriptMessage): boolean =>
  (metadata as { steered?: unknown } | undefined)?.steered === true;

const notThere = (what: string): AlcoveError =>
  new AlcoveError("bad-request", what, { action: "Look at chat.history() and chat.branches()." });

/**
 * Takes the last message back, with all that follows it.
 * @throws AlcoveError `bad-request` when there is none
 */
export async function takeBack({ id, open, store, writer }: Held): Promise<void> {
  const record = await store.get(id);
  const asked = lastQuestion(record?.messages ?? []);
  if (!record || asked < 0) throw new AlcoveError("bad-request", "There is no message to take back.");
  await open.replace(record.messages.slice(0, asked));
  const { messages: _, branches: __, ...about } = record;
  await writer.save({ ...about, updated: new Date().toISOString(), from: asked, messages: [] });
}

/** Where the turn to which the message at `at` belongs begins and ends: the question, what was said in it, its answer. */
function turnAt(messages: readonly TranscriptMessage[], at: number): { from: number; to: number } {
  const begins = (message: TranscriptMessage) => message.role === "user" && !isSteered(message);
  const from = messages.findLastIndex((message, place) => place <= at && begins(message));
  const next = messages.findIndex((message, place) => place > at && begins(message));
  return { from: Math.max(0, from), to: next < 0 ? messages.length : next };
}

/**
 * Deletes the turn to which the message at `at` belongs.
 * @returns the conversation as it was, and as it is then
 * @throws AlcoveError `bad-request` where nothing stands there, and as {@link mustBeKept}
 */
export async function removeTurn(held: Held, at: number): Promise<{ before: Path; after: Path }> {
  const { messages = [], branches = [] } = (await held.store.get(held.id)) ?? {};
  if (!messages[at]) throw notThere("There is no such message.");
  const { from, to } = turnAt(messages, at);
  const before = { messages, branches };
  const after = without(before, from, to);
  await put(held, after, from);
  return { before, after };
}

/**
 * Puts `before` back, where the conversation is as {@link removeTurn} left it.
 * @throws AlcoveError `bad-request` where it has gone on since, and as {@link mustBeKept}
 */
export async function putBack(held: Held, { before, after }: { before: Path; after: Path }): Promise<void> {
  const { messages = [], branches = [] } = (await held.store.get(held.id)) ?? {};
  if (JSON.stringify({ messages, branches }) !== JSON.stringify(after))
    throw new AlcoveError("bad-request", "The conversation has gone on since: what was deleted stays so.");
  // A session that was opened since reads it before its next turn.
  const { id, open, store } = held;
  const writer = open.closed ? await store.visitor(id) : held.writer;
  await put({ ...held, writer }, before, 0);
}

/** The conversation is `path` now, which is as it was before place `from`. */
async function put({ id, open, store, writer }: Held, path: Path, from: number): Promise<void> {
  mustBeKept(store, writer);
  const record = await store.get(id);
  if (!record) throw notThere("There is no such conversation.");
  if (!open.closed) await open.replace(path.messages);
  const { messages: _, branches: __, ...about } = record;
  const updated = new Date().toISOString();
  const { branches } = path;
  try {
    await writer.save({ ...about, updated, from, messages: path.messages.slice(from), branches });
  } catch (thrown) {
    // What cannot be kept now is tried again until it is: it is done, and the store tells that it waits. A visitor's is told
    // by nobody, and given up.
    if (!writer.deleted && !open.closed) return;
    writer.markDeleted();
    throw thrown;
  }
  // Its first words are its title.
  if (!open.closed && path.messages.length && from <= path.messages.findIndex(({ role }) => role === "user"))
    await open.keep();
}

/**
 * Of the last answer, `text` stays: what somebody heard of it, from its first word on. An answer may be several messages,
 * with tools between them: each keeps its part of the text. What was thought and which tools were called stays; so does
 * all of an answer that begins otherwise, for it is another one.
 */
export async function shorten({ id, open, store, writer }: Held, text: string): Promise<void> {
  const record = await store.get(id);
  const from = lastQuestion(record?.messages ?? []) + 1;
  const answer = record?.messages.slice(from) ?? [];
  const messages = heardPart(answer, text);
  if (!record || !messages || JSON.stringify(messages) === JSON.stringify(answer)) return;
  await open.replace([...record.messages.slice(0, from), ...messages]);
  const { messages: _, branches: __, ...about } = record;
  await writer.save({ ...about, updated: new Date().toISOString(), from, messages });
}

/** Null where the text of `answer` does not begin with `heard`. */
function heardPart(answer: readonly TranscriptMessage[], heard: string): TranscriptMessage[] | null {
  let rest = heard.trim();
  let other = false;
  /** As much of `text` as is next of what was heard. Space around a step's text is not always kept. */
  const part = (text: string): string => {
    const whole = text.trim();
    if (rest.startsWith(whole)) {
      rest = rest.slice(whole.length).trimStart();
      return text;
    }
    const cut = rest;
    other ||= !whole.startsWith(cut);
    rest = "";
    return cut;
  };
  const kept = answer.map((message) => {
    if (message.role !== "assistant") return message;
    if (typeof message.content === "string") return { ...message, content: part(message.content) };
    const content = message.content
      .map((block) => (block.type === "text" ? { ...block, text: part(String(block.text ?? "")) } : block))
      .filter((block) => block.type !== "text" || block.text !== "");
    return { ...message, content };
  });
  return other ? null : kept.filter((message) => message.role !== "assistant" || !isEmpty(message));
}

const isEmpty = ({ content, tool_calls: calls }: TranscriptMessage): boolean =>
  content.length === 0 && !(Array.isArray(calls) && calls.length > 0);

/**
 * Reads branch `to` from place `at` on.
 * @throws AlcoveError `bad-request` where there is none, and as {@link mustBeKept}
 */
export async function switchTo({ open, store, writer }: Held, at: number, to: number): Promise<void> {
  mustBeKept(store, writer);
  // Where Python cannot be told now, it is before the next turn.
  open.outdated = true;
  const messages = await writer.switchTo(at, to);
  if (!messages) throw notThere("There is no such branch.");
  await open.replace(messages);
  // Its first words are its title.
  if (at <= messages.findIndex(({ role }) => role === "user")) await open.keep();
}

/** What stands at place `at` in each branch. @throws AlcoveError `bad-request` where nothing does */
export async function branchesAt(store: Conversations, id: string, at: number): Promise<Alternatives> {
  const { messages = [], branches = [] } = (await store.get(id)) ?? {};
  const there = alternatives({ messages, branches }, at);
  if (there.messages.length === 1 && !messages[at]) throw notThere("There is no such message.");
  return there;
}

/** What Python begins a turn with. */
export type Beginning = Prompt | "retry" | "goOn";

/** What a turn begins with; or a message of the person's in the place of the one at `at`. */
export type Start = Beginning | { at: number; prompt: Prompt };

/**
 * What Python begins with, and from where on what is there is set aside.
 * @throws AlcoveError `bad-request` where no message of the person's stands at the place, and as {@link mustBeKept}
 */
export async function beginning(
  { id, store, writer }: Held,
  start: Start,
): Promise<{ begin: Beginning; aside?: number }> {
  if (start !== "retry" && (typeof start === "string" || !("at" in start))) return { begin: start };
  const messages = (await store.get(id))?.messages ?? [];
  if (start === "retry") {
    const aside = lastQuestion(messages) + 1;
    if (aside === 0 || aside === messages.length) return { begin: start };
    mustBeKept(store, writer);
    return { begin: start, aside };
  }
  const { at, prompt } = start;
  if (messages[at]?.role !== "user") throw notThere("There is no message of the person's at this place.");
  mustBeKept(store, writer);
  const instead = messages.slice(0, at).filter(({ role }) => role === "user").length;
  return { begin: { ...prompt, instead }, aside: at };
}

/** @throws AlcoveError what keeps it from being kept, `busy` while it is on its way */
function mustBeKept(store: Conversations, writer: ConversationWriter): void {
  if (writer.branchable) return;
  throw (
    store.trouble ??
    new AlcoveError("busy", "What was said last is still being kept.", { action: "Try again in a moment." })
  );
}
