/** Chunks of a completion → the whole of it, as OpenAI writes that. */
import type { Chunk, FinishReason, ToolCall, Usage } from "../../../workers/engine/contract.ts";
import { Gathered } from "../../../workers/engine/gathered.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** OpenAI's `chat.completion`, with what the engine measured in its `usage`. */
export interface Completion {
  id: string;
  object: "chat.completion";
  /** Seconds since 1970. */
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      /** `content` is null where nothing but tools was called. */
      message: { role: "assistant"; content: string | null; tool_calls?: ToolCall[] };
      /** "cancelled" is ours: it was stopped, and this is what was said until then. */
      finish_reason: FinishReason;
      logprobs: null;
    },
  ];
  /** Left out where it was stopped before the engine had counted. */
  usage?: Usage;
}

export class CompletionGatherer {
  readonly #model: string;
  readonly #said = new Gathered();
  #head: { id: string; created: number } | undefined;

  constructor(model: string) {
    this.#model = model;
  }

  /** Whether the chunk is a part of the answer: others are signs of life. */
  take(chunk: Chunk): boolean {
    if (chunk.waits || chunk.id === "") return false;
    const { id, created } = chunk;
    this.#head ??= { id, created };
    this.#said.add(chunk);
    return true;
  }

  /** @throws AlcoveError `engine-crashed` where the answer has no end */
  completion(stopped: boolean): Completion {
    const { text, calls, finish, usage } = this.#said;
    const finish_reason = stopped ? "cancelled" : finish;
    if (!finish_reason) throw new AlcoveError("engine-crashed", "The answer broke off.");
    return {
      id: this.#head?.id ?? `chatcmpl-${crypto.randomUUID()}`,
      object: "chat.completion",
      created: this.#head?.created ?? Math.floor(Date.now() / 1000),
      model: this.#model,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: text === "" && calls.length > 0 ? null : text,
            ...(calls.length > 0 ? { tool_calls: calls } : {}),
          },
          finish_reason,
          logprobs: null,
        },
      ],
      ...(usage ? { usage } : {}),
    };
  }
}
