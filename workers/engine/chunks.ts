/** Chunks as every engine writes them. */
import type { Chunk, FinishReason } from "./contract.ts";

export type Delta = Chunk["choices"][0]["delta"];

/** Writes the chunks of one completion. */
export class ChunkWriter {
  readonly #id = `chatcmpl-${crypto.randomUUID()}`;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #model: string;

  constructor(model: string) {
    this.#model = model;
  }

  /** The first chunk. */
  opening(): Chunk {
    return this.chunk({ role: "assistant", content: "" }, null);
  }

  chunk(delta: Delta, finish: FinishReason | null): Chunk {
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#created,
      model: this.#model,
      choices: [{ index: 0, delta, finish_reason: finish }],
    };
  }
}

/** A chunk that says nothing: a sign of life. */
export function silence(model: string): Chunk {
  const choices: Chunk["choices"] = [{ index: 0, delta: {}, finish_reason: null }];
  return { id: "", object: "chat.completion.chunk", created: Math.floor(Date.now() / 1000), model, choices };
}

/** Tokens a second, to two decimals; 0 where no time passed. */
export function perSecond(tokens: number, ms: number): number {
  return ms > 0 ? Math.round((tokens / ms) * 1e5) / 100 : 0;
}
