/** The chunks of one completion put together again, for whoever wants it whole. */
import type { Chunk, FinishReason, ToolCall, Usage } from "../engine/contract.ts";

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
  #text = "";
  #calls: ToolCall[] = [];
  #last: Chunk | undefined;
  #usage: Usage | undefined;
  #finish: FinishReason = "stop";

  add(chunk: Chunk): void {
    this.#last = chunk;
    if (chunk.usage) this.#usage = chunk.usage;
    const choice = chunk.choices[0];
    if (choice.finish_reason) this.#finish = choice.finish_reason;
    this.#text += choice.delta.content ?? "";
    for (const delta of choice.delta.tool_calls ?? []) {
      const call = this.#calls[delta.index] ?? {
        id: "",
        type: "function",
        function: { name: "", arguments: "" },
      };
      this.#calls[delta.index] = call;
      if (delta.id) call.id = delta.id;
      call.function.name += delta.function?.name ?? "";
      call.function.arguments += delta.function?.arguments ?? "";
    }
  }

  whole(): ChatCompletion {
    const calls = this.#calls.filter(Boolean);
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
            content: this.#text || null,
            ...(calls.length > 0 ? { tool_calls: calls } : {}),
          },
          finish_reason: this.#finish,
        },
      ],
      ...(this.#usage ? { usage: this.#usage } : {}),
    };
  }
}
