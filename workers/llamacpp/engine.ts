/**
 * The llama.cpp engine: one model, one queue. It remembers the model it holds, so that an instance that died
 * is replaced by the next request, and describes itself while it computes.
 */
import { BUILD } from "../build.ts";
import type { Threads } from "../compute/threads.ts";
import { silence } from "../engine/chunks.ts";
import type {
  ChatRequest,
  Chunk,
  EmbeddingRequest,
  EmbeddingResponse,
  EngineDescription,
  LlamaCppModel,
  LoadedModel,
  LoadProgress,
  Vision,
} from "../engine/contract.ts";
import { checkTask, embeddingsOf, textsOf, tooLong } from "../engine/embedding.ts";
import { leastTokens, noModel, overflow, refusePicture } from "../engine/request.ts";
import { Turns } from "../engine/turns.ts";
import { AlcoveError } from "../wire/errors.ts";
import { stoppable } from "../wire/stream.ts";
import { toLlamaRequest } from "./completion.ts";
import type { FileStore } from "./files.ts";
import { type Encoded, PictureReader } from "./images.ts";
import type { LlamaInstance } from "./instance.ts";
import { KeptPrompts } from "./kept-prompts.ts";
import { type OpenModel, openModel, type Wanted } from "./loader.ts";
import { encodePictures, hasPictures, type Messages } from "./pictures.ts";
import { strictRoles } from "./strict-roles.ts";
import { spellTools } from "./tools.ts";
import { Transcriber } from "./transcriber.ts";

type Json = Record<string, unknown>;
type Rest = LlamaInstance["run"] extends (body: object, ...rest: infer More) => unknown ? More : never;

/** For a model whose description says nothing of pictures. */
const DEFAULT_VISION: Vision = { size: 512, fit: "keep" };

interface LoadOptions {
  /** Absolute URL of the root of the built site. */
  base: string;
  onProgress?: (progress: LoadProgress) => void;
  signal?: AbortSignal;
}

export class LlamaEngine {
  readonly #files: FileStore;
  readonly #threads: Threads;
  readonly #turns = new Turns();
  readonly #pictures = new PictureReader();
  #wanted: Wanted | undefined;
  /** The models that were loaded, by their ids. */
  readonly #known = new Map<string, Wanted>();
  #open: OpenModel | undefined;
  #keptPrompts: KeptPrompts | undefined;
  /** Whose template takes no system message, or wants the roles to alternate. */
  readonly #strict = new WeakSet<LlamaInstance>();

  constructor(files: FileStore, threads: Threads) {
    this.#files = files;
    this.#threads = threads;
  }

  describe(): EngineDescription {
    const alive = this.#open && !this.#open.instance.dead;
    return {
      engine: "llamacpp",
      version: BUILD.llamacppVersion,
      model: alive ? (this.#open as OpenModel).loaded : null,
      busy: this.#turns.busy,
    };
  }

  /**
   * Loads `model`, downloading it first where needed, after what was asked before has ended.
   * @throws AlcoveError download-failed, integrity, quota, model-invalid, out-of-memory, engine-crashed, cancelled
   */
  async load(model: LlamaCppModel, options: LoadOptions): Promise<LoadedModel> {
    const { signal = new AbortController().signal, onProgress = () => undefined, base } = options;
    // Nobody's answer waits for a download.
    if (!this.#held(model)) await this.#files.download(model, base, onProgress, signal);
    return this.#turns.run(async () => {
      const held = this.#held(model);
      if (held) return held.loaded;
      return (await this.#start({ model, base }, onProgress, signal)).loaded;
    }, signal);
  }

  /**
   * Answers `request`: an opening chunk, deltas, and a last chunk with finish_reason and usage. An abort ends
   * the stream with finish_reason "cancelled", wherever the request is.
   */
  complete(request: ChatRequest, options: { signal?: AbortSignal } = {}): AsyncIterable<Chunk> {
    return stoppable<Chunk>((push, stop) => this.#complete(request, push, stop), options.signal);
  }

  /**
   * Texts → vectors of length 1, one after the other. An abort is `cancelled`.
   * @throws AlcoveError bad-request, context-overflow, unsupported, model-not-found, engine-crashed, out-of-memory
   */
  async embed(
    request: EmbeddingRequest,
    { signal = new AbortController().signal }: { signal?: AbortSignal } = {},
  ): Promise<EmbeddingResponse> {
    const texts = textsOf(request);
    const { stop, run } = this.#turns.turn(signal);
    const reply = await run(async () =>
      this.#embed(texts, await this.#ready(request, "embed", () => undefined, stop), stop),
    );
    if (!reply) throw new AlcoveError("cancelled", "Stopped.");
    return reply;
  }

  /** Forgets the model; a running answer ends as cancelled. */
  async unload(): Promise<void> {
    this.#turns.takeAway();
    await this.#turns.run(async () => {
      this.#wanted = undefined;
      this.#known.clear();
      this.#drop();
    });
  }

  /** What is open, where it is `model`. */
  #held(model: LlamaCppModel): OpenModel | undefined {
    const same = JSON.stringify(this.#wanted?.model.files) === JSON.stringify(model.files);
    const held = this.#open?.instance.dead ? undefined : this.#open;
    return same && held?.loaded.id === model.id ? held : undefined;
  }

  async #complete(request: ChatRequest, push: (chunk: Chunk) => void, signal: AbortSignal): Promise<void> {
    const body = toLlamaRequest(request);
    const { stop, run } = this.#turns.turn(signal);
    let transcriber = new Transcriber(request.model ?? this.#wanted?.model.id ?? "");
    const tell = (chunk: Chunk | undefined) => {
      if (chunk && !stop.aborted) push(chunk);
    };
    const wait = (waits: LoadProgress) => tell({ ...silence(request.model ?? ""), waits });
    await run(async () => {
      let open = await this.#ready(request, "write", wait, stop);
      refuseLong(request, open);
      const began = performance.now();
      const prompt = await this.#keptPrompts?.before(body);
      // What was kept can be spoilt, and bring llama.cpp down.
      if (open.instance.dead) open = await this.#ready(request, "write", wait, stop);
      const { instance, loaded, facts } = open;
      const { messages, pictures } = await this.#readPictures(
        { ...body, messages: open.speech.messages(body.messages as Messages) },
        instance,
      );
      const sampled = { ...this.#wanted?.model.sampling, ...body, messages };
      const spelled = spellTools(sampled, facts.knowsTools);
      transcriber = new Transcriber(loaded.id, spelled.structured, instance.pictureCost, began);
      tell(transcriber.opening());
      await this.#run(instance, spelled.body, (chunk) => tell(transcriber.take(chunk)), stop, pictures);
      this.#keptPrompts?.after(prompt, transcriber.usage().total_tokens);
    });
    push(transcriber.last(stop.aborted));
    if (!stop.aborted) this.#threads.heard(transcriber.usage());
  }

  /** As `instance.run`; what its template refuses is told in another way. */
  async #run(instance: LlamaInstance, body: Json, ...rest: Rest): Promise<void> {
    const messages = body.messages as Parameters<typeof strictRoles>[0];
    const strict = { ...body, messages: strictRoles(messages) };
    if (this.#strict.has(instance)) return instance.run(strict, ...rest);
    try {
      await instance.run(body, ...rest);
    } catch (thrown) {
      const refused = thrown instanceof AlcoveError && thrown.code === "bad-request";
      if (!refused || strict.messages.length === messages.length) throw thrown;
      await instance.run(strict, ...rest).catch((again: AlcoveError) => {
        throw again.code === "bad-request" ? thrown : again;
      });
      this.#strict.add(instance);
    }
  }

  async #embed(
    texts: string[],
    { instance, loaded, facts }: OpenModel,
    stop: AbortSignal,
  ): Promise<EmbeddingResponse> {
    const vectors: number[][] = [];
    let count = 0;
    for (const [place, text] of texts.entries()) {
      stop.throwIfAborted();
      const least = Math.floor(text.length / facts.longestToken);
      if (least > loaded.context) throw tooLong(place, least, loaded.context, true);
      const { vector, tokens } = await instance.embed(text, place);
      vectors.push(vector);
      count += tokens;
    }
    return embeddingsOf(loaded.id, vectors, count);
  }

  /** @throws AlcoveError `unsupported` when the model has no eyes, `bad-request` for what is no picture */
  async #readPictures(
    body: Record<string, unknown>,
    instance: LlamaInstance,
  ): Promise<{ messages: unknown[]; pictures: Encoded[] }> {
    const messages = body.messages as Messages;
    if (!hasPictures(messages)) return { messages, pictures: [] };
    if (!instance.sees) refusePicture();
    return encodePictures(messages, this.#wanted?.model.vision ?? DEFAULT_VISION, this.#pictures);
  }

  /**
   * The model that `request` names and its instance, where it can do the task. One that died, or gave way to another
   * model, is started again: tabs with different models take turns.
   * @throws AlcoveError `model-not-found`, `unsupported`, and as {@link load}
   */
  async #ready(
    request: { model?: string },
    task: "write" | "embed",
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<OpenModel> {
    const wanted = this.#known.get(request.model ?? "") ?? this.#wanted;
    if (!wanted) throw noModel();
    checkTask(wanted.model, request, task);
    if (this.#open && wanted === this.#wanted && (await this.#open.instance.alive())) return this.#open;
    return this.#start(wanted, tell, signal);
  }

  /** Starts a model in place of the one before. */
  async #start(
    wanted: Wanted,
    tell: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<OpenModel> {
    this.#drop();
    const began = performance.now();
    const open = await openModel(wanted, this.#files, this.#threads, tell, signal);
    this.#open = open;
    this.#wanted = wanted;
    this.#known.set(wanted.model.id, wanted);
    const files = wanted.model.files.map(({ sha256, url }) => sha256 ?? url);
    const of = [BUILD.llamacppVersion, open.loaded.context, files];
    this.#keptPrompts = new KeptPrompts(open.instance, of, this.#turns);
    const { system } = wanted.model;
    if (system) {
      tell({ stage: "warming", bytes: 0, total: 0 });
      await this.#warm(open, system, signal).catch((thrown) => {
        // Some templates want more than a system message: that only makes the first turn slower.
        if (open.instance.dead) throw thrown;
      });
    }
    open.loaded.loadMs = Math.round(performance.now() - began);
    return open;
  }

  /** Computes the prompt of the system message, so that a conversation that begins with it starts faster. */
  async #warm({ instance, facts, speech }: OpenModel, system: string, signal: AbortSignal): Promise<void> {
    const body = toLlamaRequest({ messages: [{ role: "system", content: system }] });
    body.messages = speech.messages(body.messages as Messages);
    const prompt = spellTools(body, facts.knowsTools).body;
    await instance.run({ ...prompt, max_tokens: 0, add_generation_prompt: false }, () => undefined, signal);
  }

  #drop(): void {
    this.#keptPrompts?.close();
    this.#open?.instance.close(new AlcoveError("cancelled", "The model was unloaded."));
    this.#open = undefined;
  }
}

/** Refuses what cannot fit, before any work. */
function refuseLong(request: ChatRequest, { loaded, facts }: OpenModel): void {
  const least = leastTokens(request, facts.longestToken);
  if (least > loaded.context) throw overflow(least, loaded.context, true);
}
