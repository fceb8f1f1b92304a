/**
 * The Python worker's line to the engine's worker: a MessagePort that does not pass the page. When the
 * engine is replaced the page sends a new port, and what waited on the old one fails.
 */
import type { ChatRequest, Chunk, FinishReason, ToolCall, Usage } from "../engine/contract.ts";
import { AlcoveError } from "../wire/errors.ts";
import { RpcClient } from "../wire/rpc.ts";

/** The engine watches over its own progress; this bound only catches an engine that lost its mind. */
const COMPLETION_IDLE_MS = 600_000;

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

export class EnginePort {
  #rpc: RpcClient | undefined;
  /** The model that this engine had when it was last made sure of. */
  loaded: string | undefined;

  attach(port: MessagePort): void {
    this.detach();
    this.#rpc = new RpcClient(port);
  }

  detach(): void {
    this.#rpc?.close(
      new AlcoveError("engine-crashed", "The engine stopped in the middle of its work.", {
        action: "It is being restarted. Try again.",
      }),
    );
    this.#rpc = undefined;
    this.loaded = undefined;
  }

  /** Runs one completion; `onChunk` hears every chunk as it comes. */
  async complete(
    request: ChatRequest,
    onChunk: (chunk: Chunk) => void,
    signal: AbortSignal,
  ): Promise<ChatCompletion> {
    if (!this.#rpc) throw new AlcoveError("engine-crashed", "The engine is not running.");
    const collected = new Collector();
    await this.#rpc.call(
      "complete",
      { request },
      {
        signal,
        timeoutMs: COMPLETION_IDLE_MS,
        onItem: (chunk: Chunk) => {
          collected.add(chunk);
          onChunk(chunk);
        },
      },
    );
    return collected.completion();
  }
}

/** Puts the chunks of one completion together again. */
class Collector {
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

  completion(): ChatCompletion {
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
