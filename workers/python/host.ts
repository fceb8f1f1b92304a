/**
 * The JavaScript side of the one door from Python (`py_app/bridge.py`): what Python may ask of the page
 * and of the engine. Only strings cross.
 */
import type { ChatRequest, Chunk } from "../engine/contract.ts";
import { type ErrorData, toAlcoveError } from "../wire/errors.ts";
import type { RpcClient } from "../wire/rpc.ts";
import type { EnginePort } from "./engine-port.ts";
import type { CaptureRequest, PageProtocol, SeeRequest, TranscriptDelta, TurnEvent } from "./protocol.ts";

/** The page may show a download of many minutes, or a person may think before a tool answers. */
const PAGE_IDLE_MS = 3_600_000;

const failure = (thrown: unknown): string =>
  JSON.stringify({ error: toAlcoveError(thrown).toData() satisfies ErrorData });

/** A request that Python may cancel by this name. */
interface Cancellable {
  id?: string;
}

export class Host {
  readonly #page: RpcClient<PageProtocol>;
  readonly #engine: EnginePort;
  readonly #running = new Map<string, AbortController>();
  readonly #listeners = new Map<string, (event: TurnEvent) => void>();

  constructor(page: RpcClient<PageProtocol>, engine: EnginePort) {
    this.#page = page;
    this.#engine = engine;
  }

  /** Sends the events of a session to `listener` until the returned function is called. */
  listen(session: string, listener: (event: TurnEvent) => void): () => void {
    this.#listeners.set(session, listener);
    return () => {
      if (this.#listeners.get(session) === listener) this.#listeners.delete(session);
    };
  }

  /** What Python gets: `Host` of `py_app/bridge.py`. */
  readonly module = {
    emit: (session: string, event: string): void => {
      this.#listeners.get(session)?.(JSON.parse(event) as TurnEvent);
    },

    save: (_session: string, delta: string): Promise<void> =>
      this.#page.call("save", JSON.parse(delta) as TranscriptDelta),

    call_tool: async (session: string, id: string, name: string, input: string): Promise<string> => {
      const call = { session, id, name, input: JSON.parse(input) as unknown };
      const answer = this.#page.call("callTool", call, { timeoutMs: PAGE_IDLE_MS });
      return answer.then((ok) => JSON.stringify({ ok: ok ?? null })).catch(failure);
    },

    complete: async (requestJson: string, onChunk: (chunk: string) => void): Promise<string> => {
      const { id, ...request } = JSON.parse(requestJson) as ChatRequest & Cancellable;
      const tell = (chunk: Chunk) => onChunk(JSON.stringify(chunk));
      return this.#cancellable(id, async (signal) => {
        // The page is asked only when the engine may have another model than last time: it is busy drawing.
        if (!request.model || request.model !== this.#engine.loaded)
          await this.#ensure(request.model, signal);
        await this.#engine.complete(request, tell, signal).catch(async (error) => {
          if (toAlcoveError(error).code !== "model-not-found") throw error;
          await this.#ensure(request.model, signal);
          return this.#engine.complete(request, tell, signal);
        });
        return ""; // the chunks were all
      });
    },

    see: (requestJson: string): Promise<string> => this.#ask("see", requestJson),

    capture: (requestJson: string): Promise<string> => this.#ask("capture", requestJson),

    cancel: (id: string): void => this.#running.get(id)?.abort(),

    list_models: (): Promise<string> =>
      this.#page.call("listModels", {}).then((models) => JSON.stringify(models), failure),
  };

  /** Has the page load a model, and notes that the engine has it. */
  async #ensure(model: string | undefined, signal: AbortSignal): Promise<void> {
    await this.#page.call("ensureModel", { model: model ?? "" }, { signal, timeoutMs: PAGE_IDLE_MS });
    this.#engine.loaded = model;
  }

  /** Calls the page with a request that can be cancelled by its `id`. */
  async #ask(op: "see" | "capture", requestJson: string): Promise<string> {
    const { id, ...request } = JSON.parse(requestJson) as Cancellable & (SeeRequest | CaptureRequest);
    return this.#cancellable(id, async (signal) => {
      const options = { signal, timeoutMs: PAGE_IDLE_MS };
      return JSON.stringify({ ok: await this.#page.call(op, request, options) });
    });
  }

  /** What `work` gives, or its failure; `cancel` with this id aborts its signal. */
  async #cancellable(
    id: string | undefined,
    work: (signal: AbortSignal) => Promise<string>,
  ): Promise<string> {
    const name = id ?? crypto.randomUUID();
    const controller = new AbortController();
    this.#running.set(name, controller);
    try {
      return await work(controller.signal);
    } catch (error) {
      return failure(error);
    } finally {
      this.#running.delete(name);
    }
  }
}
