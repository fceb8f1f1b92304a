/**
 * The engines by what they are there for. One runs for all tabs of the site, whichever started it: a second would
 * take as much memory again, and two that compute take the processor from each other.
 */
import { BUILD, workerUrls } from "../../../workers/build.ts";
import type { EngineClient } from "../../../workers/engine/client.ts";
import type { EngineName, LlamaCppModel, WebLlmModel } from "../../../workers/engine/contract.ts";
import { LlamaCppClient } from "../../../workers/llamacpp/client.ts";
import { SpeechClient } from "../../../workers/speech/client.ts";
import type { LoadedEars, SpeechModel } from "../../../workers/speech/protocol.ts";
import { WebLlmClient } from "../../../workers/webllm/client.ts";
import { EyeQueue } from "./eye-queue.ts";
import { RoleEngine, type Supervisors } from "./role.ts";
import type { Role, Status } from "./status.ts";
import { EngineSupervisor } from "./supervisor.ts";

interface RosterOptions {
  /** Absolute URL of the root of the built site. */
  base: string;
  /** Hears what the engine of a role is doing; null when it rests. */
  onStatus: (role: Role, status: Status | null) => void;
  /** An engine loaded the model with this id. */
  onLoaded: (model: string) => void;
  /** See EngineSupervisor. */
  mayReload: (model: { id: string; name: string }) => Promise<void>;
  /** Gives Python a line to the engine that answers (see EngineClient), or tells it that it is gone (null). */
  onLine: (line: MessagePort | string | null) => void;
}

/** What hears. */
export type Ears = EngineSupervisor<SpeechModel, SpeechClient, LoadedEars>;

type Roles = Record<Exclude<Role, "ears">, RoleEngine> & { ears: Ears };

export class Roster {
  /** An engine each, so that a conversation keeps its model; started when first asked for. */
  readonly roles: Readonly<Roles>;
  /** Whose turn it is with the eyes. */
  readonly eyeQueue = new EyeQueue();
  readonly #chat: Required<Supervisors>;

  constructor(options: RosterOptions) {
    this.#chat = { llamacpp: llamacpp("chat", options), webllm: webllm("chat", options) };
    this.roles = {
      chat: new RoleEngine(this.#chat, true),
      eyes: new RoleEngine({ llamacpp: llamacpp("eyes", options) }),
      embedder: new RoleEngine({
        llamacpp: llamacpp("embedder", options),
        webllm: webllm("embedder", options),
      }),
      ears: new EngineSupervisor({
        start: (client) => new SpeechClient(new URL(workerUrls().speech, options.base), client),
        ...shared("ears", "speech", options),
      }),
    };
  }

  /** The worker that looks after the files of an engine's models, started when there is none. */
  files(engine: EngineName): EngineClient {
    // Each takes the models of its own engine only, which their common type cannot say.
    return this.#chat[engine].client as EngineClient;
  }

  /** The worker that takes files of the person's. */
  get importer(): LlamaCppClient {
    return this.#chat.llamacpp.client;
  }

  /** Gives the workers up. */
  release(): void {
    this.eyeQueue.close();
    for (const role of Object.values(this.roles)) role.release();
  }
}

const llamacpp = (role: Role, options: RosterOptions) =>
  new EngineSupervisor<LlamaCppModel, LlamaCppClient>({
    start: (client) => new LlamaCppClient(new URL(workerUrls().llamacpp, options.base), client),
    ...shared(role, "llamacpp", options),
  });

const webllm = (role: Role, options: RosterOptions) =>
  new EngineSupervisor<WebLlmModel, WebLlmClient>({
    start: (client) => new WebLlmClient(new URL(workerUrls().webllm, options.base), client),
    ...shared(role, "webllm", options),
  });

const shared = (role: Role, engine: EngineName | "speech", { base, onStatus, ...rest }: RosterOptions) => ({
  base,
  // Pages of another build speak another protocol; one that is not isolated has an engine of one thread.
  door: ["alcove-engine", base, BUILD.id, engine, role, ...(crossOriginIsolated ? [] : ["single"])].join(" "),
  onStatus: (status: Status | null) => onStatus(role, status),
  ...rest,
});
