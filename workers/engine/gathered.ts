/** The chunks of one completion put together again, for whoever wants it whole. */
import type { Chunk, FinishReason, ToolCall, Usage } from "./contract.ts";

export class Gathered {
  text = "";
  /** Undefined as long as the completion goes on. */
  finish: FinishReason | undefined;
  usage: Usage | undefined;
  readonly #calls: ToolCall[] = [];

  add({ choices: [{ delta, finish_reason }], usage }: Chunk): void {
    this.text += delta.content ?? "";
    if (finish_reason) this.finish = finish_reason;
    if (usage) this.usage = usage;
    for (const { index, id, function: part } of delta.tool_calls ?? []) {
      this.#calls[index] ??= { id: "", type: "function", function: { name: "", arguments: "" } };
      const call = this.#calls[index];
      if (id) call.id = id;
      call.function.name += part?.name ?? "";
      call.function.arguments += part?.arguments ?? "";
    }
  }

  get calls(): ToolCall[] {
    return this.#calls.filter(Boolean);
  }
}
