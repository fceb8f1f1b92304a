/** Chunks of a completion → the whole of it, as OpenAI writes that. */
import type {
  Chunk,
  FinishReason,
  ToolCall,
  ToolCallDelta,
  Usage,
} from "../../../workers/engine/contract.ts";
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
  readonly #calls: ToolCall[] = [];
  #head: { id: string; created: number } | undefined;
  #text = "";
  #finish: FinishReason | undefined;
  #usage: Usage | undefined;

  constructor(model: string) {
    this.#model = model;
  }

  /** Whether the chunk is a part of the answer: others are signs of life. */
  take(chunk: Chunk): boolean {
    if (chunk.waits || chunk.id === "") return false;
    const { id, created, usage } = chunk;
    this.#head ??= { id, created };
    const [{ delta, finish_reason }] = chunk.choices;
    this.#text += delta.content ?? "";
    for (const call of delta.tool_calls ?? []) this.#call(call);
    if (finish_reason) this.#finish = finish_reason;
    if (usage) this.#usage = usage;
    return true;
  }

  /** @throws AlcoveError `engine-crashed` where the answer has no end */
  completion(stopped: boolean): Completion {
    const finish_reason = stopped ? "cancelled" : this.#finish;
    if (!finish_reason) throw new AlcoveError("engine-crashed", "The answer broke off.");
    const content = this.#text === "" && this.#calls.length > 0 ? null : this.#text;
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
            content,
            ...(this.#calls.length > 0 ? { tool_calls: this.#calls } : {}),
          },
          finish_reason,
          logprobs: null,
        },
      ],
      ...(this.#usage ? { usage: this.#usage } : {}),
    };
  }

  #call({ index, id, function: part }: ToolCallDelta): void {
    this.#calls[index] ??= { id: id ?? "", type: "function", function: { name: "", arguments: "" } };
    const { function: whole } = this.#calls[index];
    whole.name += part?.name ?? "";
    whole.arguments += part?.arguments ?? "";
  }
}
