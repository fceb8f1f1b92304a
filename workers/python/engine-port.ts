/**
 * The Python worker's line to the engine's worker, which does not pass the page: a MessagePort, or a line of its own
 * to another tab's. When the engine is replaced the page sends a new one, and what waited on the old one fails.
 */
import type { ChatRequest, Chunk } from "../engine/contract.ts";
import type { EngineProtocol } from "../engine/protocol.ts";
import { AlcoveError } from "../wire/errors.ts";
import { openLine } from "../wire/line.ts";
import { RpcClient } from "../wire/rpc.ts";

/** The engine watches over its own progress; this bound only catches an engine that lost its mind. */
const COMPLETION_IDLE_MS = 600_000;

export class EnginePort {
  #rpc: RpcClient<EngineProtocol> | undefined;
  #detached = new AbortController();
  /** The model that this engine had when it was last made sure of. */
  loaded: string | undefined;

  /** @param line a port, or the door of a worker that another tab runs */
  attach(line: MessagePort | string): void {
    this.detach();
    this.#detached = new AbortController();
    this.#rpc = new RpcClient(typeof line === "string" ? openLine(line, this.#detached.signal) : line);
  }

  detach(): void {
    this.#rpc?.close(
      new AlcoveError("engine-crashed", "The engine stopped in the middle of its work.", {
        action: "It is being restarted. Try again.",
      }),
    );
    this.#detached.abort();
    this.#rpc = undefined;
    this.loaded = undefined;
  }

  /** Runs one completion; `onChunk` hears every chunk as it comes. */
  async complete(request: ChatRequest, onChunk: (chunk: Chunk) => void, signal: AbortSignal): Promise<void> {
    if (!this.#rpc) throw new AlcoveError("engine-crashed", "The engine is not running.");
    await this.#rpc.call("complete", { request }, { signal, timeoutMs: COMPLETION_IDLE_MS, onItem: onChunk });
  }
}
