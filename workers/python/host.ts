/**
 * The JavaScript side of the one door from Python (`py_app/bridge.py`): what Python may ask of the page
 * and of the engine. Only strings cross.
 */
import type { ChatRequest, Chunk, LoadProgress } from "../engine/contract.ts";
import { type ErrorData, toAlcoveError } from "../wire/errors.ts";
import { pass } from "../wire/gate.ts";
import type { RpcClient } from "../wire/rpc.ts";
import type { Disks } from "./disks.ts";
import type { EnginePort } from "./engine-port.ts";
import { storage } from "./person-storage.ts";
import type {
  CaptureRequest,
  HearRequest,
  PageProtocol,
  SayRequest,
  SeeRequest,
  TranscriptDelta,
  TurnEvent,
  VideoFrameRequest,
} from "./protocol.ts";
import { timeZone } from "./time-zone.ts";

/** The page may show a download of many minutes, or a person may think before a tool answers. */
const PAGE_IDLE_MS = 3_600_000;

/** What Python asks of this worker and not of the page: mostly tools of ours (`py_app/tools`). */
type Here = Record<string, ((input: never) => unknown) | undefined>;

const MCP_TOOLS = "alcove:mcp-tools";

/** The page asks the MCP servers that a plan names; that somebody named them, the gate of this worker knows. */
function passPlanned({ planned }: { planned?: { url?: unknown } }): void {
  if (planned?.url !== undefined) pass(String(planned.url));
}

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

  readonly #here: Here;

  constructor(page: RpcClient<PageProtocol>, engine: EnginePort, disks: Disks) {
    this.#page = page;
    this.#engine = engine;
    this.#here = {
      "alcove:storage": storage,
      "alcove:time-zone": timeZone,
      "alcove:look-at-disks": () => disks.look(),
      "alcove:keep-disks": () => disks.keep(),
      // The browser may be asking the person for the camera.
      "alcove:video-frame": (request: VideoFrameRequest) =>
        this.#page.call("videoFrame", request, { timeoutMs: PAGE_IDLE_MS }),
    };
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
      const here = this.#here[name];
      const answer = Promise.resolve(call.input as never).then((given) => {
        if (here) return here(given);
        if (name === MCP_TOOLS) passPlanned(given);
        return this.#page.call("callTool", call, { timeoutMs: PAGE_IDLE_MS });
      });
      return answer.then((ok) => JSON.stringify({ ok: ok ?? null })).catch(failure);
    },

    complete: async (requestJson: string, onChunk: (chunk: string) => void): Promise<string> => {
      const { id, ...request } = JSON.parse(requestJson) as ChatRequest & Cancellable;
      return this.#cancellable(id, async (signal) => {
        const waits = new Waits(this.#page, request.model ?? "");
        let said = false;
        const tell = (chunk: Chunk) => {
          waits.hear(chunk.waits);
          if (chunk.waits) return;
          const [{ delta }] = chunk.choices;
          said ||= Boolean(delta.content || delta.tool_calls);
          onChunk(JSON.stringify(chunk));
        };
        const ask = () => this.#engine.complete(request, tell, signal);
        try {
          // The page is asked only when the engine may have another model than last time: it is busy drawing.
          if (!request.model || request.model !== this.#engine.loaded)
            await this.#ensure(request.model, signal);
          await ask().catch(async (error) => {
            const { code } = toAlcoveError(error);
            // An engine that was lost before a word was said, maybe with the tab that ran it, is asked again, once.
            if (code !== "model-not-found" && (code !== "engine-crashed" || said)) throw error;
            await this.#ensure(request.model, signal);
            return ask();
          });
        } finally {
          waits.hear(undefined);
        }
        return ""; // the chunks were all
      });
    },

    see: (requestJson: string): Promise<string> => this.#ask("see", requestJson),

    capture: (requestJson: string): Promise<string> => this.#ask("capture", requestJson),

    hear: (requestJson: string): Promise<string> => this.#ask("hear", requestJson),

    say: (requestJson: string): Promise<string> => this.#ask("say", requestJson),

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
  async #ask(op: "see" | "capture" | "hear" | "say", requestJson: string): Promise<string> {
    const { id, ...request } = JSON.parse(requestJson) as Cancellable & Asked;
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

type Asked = SeeRequest | CaptureRequest | HearRequest | SayRequest;

/** Tells the page what a completion waits for. */
class Waits {
  readonly #page: RpcClient<PageProtocol>;
  readonly #model: string;
  #told = false;

  constructor(page: RpcClient<PageProtocol>, model: string) {
    this.#page = page;
    this.#model = model;
  }

  hear(progress: LoadProgress | undefined): void {
    if (!progress && !this.#told) return;
    this.#told = progress !== undefined;
    const waits = progress ? { model: this.#model, progress } : null;
    void this.#page.call("engineWaits", { waits }).catch(() => undefined);
  }
}
