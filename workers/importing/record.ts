/** A conversation of another program as a record of ours (`TranscriptRecord` of `workers/python/protocol.ts`). */
import type { Found } from "./protocol.ts";
import type { Message, Path } from "./tree.ts";

export type Fields = Record<string, unknown>;

export const fieldsOf = (given: unknown): Fields =>
  typeof given === "object" && given !== null && !Array.isArray(given) ? (given as Fields) : {};

export const textIn = (given: unknown): string => (typeof given === "string" ? given : "");

export const listIn = (given: unknown): unknown[] => (Array.isArray(given) ? given : []);

/** Of seconds or milliseconds since 1970, or of a text. Undefined for what is no time. */
export function timeOf(given: unknown): string | undefined {
  // Until the year 2286 a number of ten digits counts seconds.
  const ms = typeof given === "number" ? (given < 1e10 ? given * 1000 : given) : Date.parse(textIn(given));
  const time = new Date(ms);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

interface About {
  id: unknown;
  title: unknown;
  created: unknown;
  updated: unknown;
  system?: unknown;
  pinned?: unknown;
  archived?: unknown;
}

/** What answered there is not here: a conversation that goes on is answered by what the person has. */
export function recordOf(
  { id, title, created, updated, system, pinned, archived }: About,
  { messages, branches }: Path,
): Found {
  const began = timeOf(created) ?? timeOf(updated) ?? new Date(0).toISOString();
  const name = textIn(title).trim() || firstWords(messages);
  if (!messages.length) return { title: name, reason: "It has no messages." };
  const record = {
    id: textIn(id) || `imported ${began} ${name}`.slice(0, 100),
    title: name,
    created: began,
    updated: timeOf(updated) ?? began,
    provider: "",
    model: "",
    system: textIn(system),
    ...(pinned === true && { pinned: true }),
    ...(archived === true && { archived: true }),
    messages,
    ...(branches.length && { branches }),
  };
  return { record };
}

const MOST_WORDS = 60;

function firstWords(messages: readonly Message[]): string {
  const [first] = messages;
  const text = typeof first?.content === "string" ? first.content : "";
  return text.slice(0, MOST_WORDS).trim() || "Conversation";
}

const PICTURE = /^data:(image\/(?:png|jpeg|webp|gif));base64,([a-z0-9+/=]+)$/i;

/** A picture as messages hold it; none for one that is not in the file itself. */
export function picturesAt(url: unknown): Fields[] {
  const [, media_type, data] = PICTURE.exec(textIn(url)) ?? [];
  return data ? [{ type: "image", source: { type: "base64", media_type, data } }] : [];
}

/** Text alone is a message's content as it is. */
export const contentOf = (
  text: string,
  thinking: string,
  pictures: readonly Fields[] = [],
): Message["content"] =>
  thinking || pictures.length
    ? [
        ...(thinking ? [{ type: "thinking", thinking }] : []),
        ...(text ? [{ type: "text", text }] : []),
        ...pictures,
      ]
    : text;
