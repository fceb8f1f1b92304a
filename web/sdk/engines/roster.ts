/**
 * The engines by what they are there for. One runs for all tabs of the site, whichever started it: a second would
 * take as much memory again, and two that compute take the processor from each other.
 */
import { BUILD, workerUrls } from "../../../workers/build.ts";
import type { TransferOptions } from "../../../workers/engine/client.ts";
import type {
  AnyModel,
  LlamaCppModel,
  ReaderModel,
  VoiceModel,
  WebLlmModel,
} from "../../../workers/engine/contract.ts";
import { LlamaCppClient } from "../../../workers/llamacpp/client.ts";
import { ReadingClient } from "../../../workers/reading/client.ts";
import type { LoadedReader } from "../../../workers/reading/protocol.ts";
import { SpeechClient } from "../../../workers/speech/client.ts";
import type { LoadedEars, SpeechModel } from "../../../workers/speech/protocol.ts";
import { VoiceClient } from "../../../workers/voice/client.ts";
import type { LoadedVoice } from "../../../workers/voice/protocol.ts";
import { WebLlmClient } from "../../../workers/webllm/client.ts";
import { EyeQueue } from "./eye-queue.ts";
import { RoleEngine, type Supervisors } from "./role.ts";
import type { LanguageRole, Role, Status } from "./status.ts";
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

/** What looks after the files of models. */
interface ModelFiles {
  download(model: AnyModel, options?: TransferOptions & { acceptChanged?: boolean }): Promise<void>;
  verify(model: AnyModel, options?: TransferOptions): Promise<void>;
  cached(models: AnyModel[]): Promise<string[]>;
  remove(model: AnyModel, known: AnyModel[]): Promise<void>;
}

/** What hears. */
export type Ears = EngineSupervisor<SpeechModel, SpeechClient, LoadedEars>;

/** The engine of what speaks. */
export type VoiceEngine = EngineSupervisor<VoiceModel, VoiceClient, LoadedVoice>;

/** The engine of what reads. */
export type ReadingEngine = EngineSupervisor<ReaderModel, ReadingClient, LoadedReader>;

type Roles = Record<LanguageRole, RoleEngine> & { ears: Ears; voice: VoiceEngine; reader: ReadingEngine };

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
      voice: new EngineSupervisor({
        start: (client) =>
          new VoiceClient(new URL(workerUrls().voice, options.base), { ...client, files: this.#brought }),
        ...shared("voice", "piper", options),
      }),
      reader: new EngineSupervisor({
        start: (client) =>
          new ReadingClient(new URL(workerUrls().reading, options.base), { ...client, files: this.#brought }),
        ...shared("reader", "ppocr", options),
      }),
    };
  }

  /** The worker that looks after the files of an engine's models, started when there is none. */
  files(engine: AnyModel["engine"]): ModelFiles {
    // Each takes the models of its own engine only, which their common type cannot say. Those of a voice, and of what
    // reads, lie among the GGUF files: the shelf asks nothing of a file but its address and its hash.
    return this.#chat[engine === "webllm" ? "webllm" : "llamacpp"].client as unknown as ModelFiles;
  }

  /** The worker that takes files of the person's. */
  get importer(): LlamaCppClient {
    return this.#chat.llamacpp.client;
  }

  /** The files of a model that lie among the GGUF files, brought first where they are not here. */
  readonly #brought = async (model: VoiceModel | ReaderModel, moving: TransferOptions): Promise<Blob[]> => {
    // As above.
    const files = model as unknown as LlamaCppModel;
    await this.importer.download(files, moving);
    return (await this.importer.export(files)).map(({ blob }) => blob);
  };

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

const shared = (
  role: Role,
  engine: AnyModel["engine"] | "speech",
  { base, onStatus, ...rest }: RosterOptions,
) => ({
  base,
  // Pages of another build speak another protocol; one that is not isolated has an engine of one thread.
  door: ["alcove-engine", base, BUILD.id, engine, role, ...(crossOriginIsolated ? [] : ["single"])].join(" "),
  onStatus: (status: Status | null) => onStatus(role, status),
  ...rest,
});
