/** Embeddings as every engine takes and gives them: OpenAI's JSON, checked field by field. */

import { AlcoveError } from "../wire/errors.ts";
import type { EmbeddingRequest, EmbeddingResponse, ModelSpec } from "./contract.ts";
import { bad, checkLoaded, checkObject, cleanText } from "./request.ts";

/** OpenAI's own bound. */
const MOST_TEXTS = 2048;

/** `model_type` of WebLLM's records. */
const EMBEDDING = 1;

const KNOWN = new Set(["input", "model", "encoding_format", "user"]);

/** Whether `model` turns texts into vectors; one that does writes no text. */
export function makesEmbeddings(model: ModelSpec): boolean {
  if (model.engine === "llamacpp") return model.goodFor?.includes("embedding") ?? false;
  return model.record?.model_type === EMBEDDING;
}

/**
 * Whether `model` is the one that `request` names, and does what is asked of it.
 * @throws AlcoveError `model-not-found`, `unsupported`
 */
export function checkTask(model: ModelSpec, request: { model?: string }, task: "write" | "embed"): void {
  checkLoaded(request, model.id);
  const embeds = makesEmbeddings(model);
  if (embeds && task === "write") throw embedsOnly();
  if (!embeds && task === "embed") throw writesOnly();
}

/**
 * The texts of `request`.
 * @throws AlcoveError `bad-request`
 */
export function textsOf(request: EmbeddingRequest): string[] {
  checkObject(request);
  const unknown = Object.entries(request).find(
    ([name, value]) => !KNOWN.has(name) && value !== undefined && value !== null,
  );
  if (unknown) throw bad(`"${unknown[0]}" cannot be asked of embeddings here.`, "Leave it out.");
  if ((request.encoding_format ?? "float") !== "float") {
    throw bad(`encoding_format "${request.encoding_format}" is unknown.`, 'Use "float", or leave it out.');
  }
  const input: unknown = request.input;
  const texts: unknown[] = Array.isArray(input) ? input : [input];
  if (texts.length === 0) throw bad("There is no text to embed.", "Send at least one text.");
  if (texts.length > MOST_TEXTS) {
    const [count, most] = [texts.length, MOST_TEXTS].map((n) => n.toLocaleString("en"));
    throw bad(`These are ${count} texts; at most ${most} can be embedded at once.`, "Send them in parts.");
  }
  return texts.map((text, i) => {
    const which = Array.isArray(input) ? `Text ${i + 1}` : "The input";
    if (typeof text !== "string") throw bad(`${which} is no text.`, "Send strings.");
    if (text.trim() === "") throw bad(`${which} is empty.`, "Leave it out, or write something.");
    return cleanText(text);
  });
}

/** The reply; `vectors` are in the order of the texts. */
export function embeddingsOf(model: string, vectors: number[][], tokens: number): EmbeddingResponse {
  return {
    object: "list",
    model,
    data: vectors.map((embedding, index) => ({ object: "embedding", index, embedding })),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** What a model that writes text says when it is asked for vectors. */
export const writesOnly = (): AlcoveError =>
  new AlcoveError("unsupported", "This model writes text; it makes no embeddings.", {
    action: "Choose an embedding model.",
  });

/** What a model that makes vectors says when it is asked for text. */
export const embedsOnly = (): AlcoveError =>
  new AlcoveError("unsupported", "This model makes embeddings; it writes no text.", {
    action: "Choose a model for chats.",
  });

/** Text `place` (from 0) of a request is longer than the model's window. */
export function tooLong(place: number, tokens: number, context: number, atLeast = false): AlcoveError {
  const [count, most] = [tokens, context].map((n) => n.toLocaleString("en"));
  return new AlcoveError(
    "context-overflow",
    `Text ${place + 1} has ${atLeast ? "at least " : ""}${count} tokens; the model can read ${most} at once.`,
    { action: "Shorten it, or split it into several texts." },
  );
}
