/** A completion for Python, whole. */
import type { Chunk, FinishReason, ToolCall, Usage } from "../engine/contract.ts";
import { Gathered } from "../engine/gathered.ts";

interface ChatCompletion {
  id: string;
  object: "chat.completion";
  created: number;
  model: string;
  choices: [
    {
      index: 0;
      message: { role: "assistant"; content: string | null; tool_calls?: ToolCall[] };
      finish_reason: FinishReason;
    },
  ];
  usage?: Usage;
}

export class Completion {
  readonly #said = new Gathered();
  #last: Chunk | undefined;

  add(chunk: Chunk): void {
    this.#last = chunk;
    this.#said.add(chunk);
  }

  whole(): ChatCompletion {
    const { text, calls, finish = "stop", usage } = this.#said;
    return {
      id: this.#last?.id ?? "",
      object: "chat.completion",
      created: this.#last?.created ?? Math.floor(Date.now() / 1000),
      model: this.#last?.model ?? "",
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: text || null,
            ...(calls.length > 0 ? { tool_calls: calls } : {}),
          },
          finish_reason: finish,
        },
      ],
      ...(usage ? { usage } : {}),
    };
  }
}
