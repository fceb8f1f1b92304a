/** From a model's description to a running instance: file, check, weights, threads, load. */
import type { ProgramName } from "../build.ts";
import type { Threads } from "../compute/threads.ts";
import type { LlamaCppModel, LoadedModel, LoadProgress, ModelFile } from "../engine/contract.ts";
import { makesEmbeddings } from "../engine/embedding.ts";
import { PlainSpeech } from "../engine/plain-speech.ts";
import { LOCAL } from "../files/file-key.ts";
import { AlcoveError } from "../wire/errors.ts";
import { F32File, f32Size, isF32, type Readable } from "./f32file.ts";
import type { FileStore } from "./files.ts";
import { checkModel, checkWeights, type Gguf, type ModelFacts, mainType, readGguf, splitOf } from "./gguf.ts";
import { type InstanceOptions, LlamaInstance } from "./instance.ts";
import { programFiles, programs } from "./program.ts";
import { checkProjector, limitTiles, type ProjectorFacts } from "./projector.ts";
import { countedBlob } from "./source.ts";

/** F32 weights larger than this stay as they are: they would crowd a 4 GB wasm heap and the device. */
const MOST_F32_BYTES = 1 << 30;
/** Below this many GB the browser says the device is small (it never says more than 8). */
const F32_DEVICE_GB = 4;
/**
 * Tokens a step of prefill. llama.cpp hears a stop between steps, and the next request waits for that: 64
 * tokens are about a second on a slow core; 512 prefill 1.5 times as fast and stop eight times as late.
 */
const BATCH = 64;
/** With pictures: what one takes in one piece. Some models cannot have it cut, and no step is longer than its encoding. */
const PICTURE_BATCH = 256;

type Tell = (progress: LoadProgress) => void;

/** What is needed to have a model again. */
export interface Wanted {
  model: LlamaCppModel;
  /** Absolute URL of the root of the built site. */
  base: string;
}

export interface OpenModel {
  instance: LlamaInstance;
  loaded: LoadedModel;
  facts: ModelFacts;
  speech: PlainSpeech;
}

/** What llama.cpp's server takes for the place of a picture. */
const PICTURE_MARKS = ["<__media__>", "<__image__>"];

/** A file with its head. */
interface Head {
  file: Blob;
  gguf: Gguf;
}

/** A model's files, checked. */
interface Opened {
  /** One, or the parts of a split model in their order. */
  model: [Head, ...Head[]];
  facts: ModelFacts;
  projector: (Head & { facts: ProjectorFacts }) | undefined;
}

/**
 * Brings `wanted` to life, with F32 weights where memory allows.
 * @throws AlcoveError download-failed, integrity, quota, model-invalid, out-of-memory, engine-crashed, cancelled
 */
export async function openModel(
  wanted: Wanted,
  files: FileStore,
  threads: Threads,
  tell: Tell,
  signal: AbortSignal,
): Promise<OpenModel> {
  const { model, facts, projector } = await openFiles(wanted, files, tell, signal);
  const embeds = makesEmbeddings(wanted.model);
  if (!facts.hasChatTemplate && !embeds) {
    throw new AlcoveError(
      "model-invalid",
      "This model has no chat template: it continues text, it cannot chat.",
      {
        action: "Choose a model whose name ends in Instruct or Chat.",
      },
    );
  }
  tell({ stage: "calibrating", bytes: 0, total: 0 });
  const count = await threads.choose(wanted.model.id);
  const start = async (widened: Head[]): Promise<OpenModel> => {
    const source = async (head: Head): Promise<Readable> =>
      widened.includes(head) ? F32File.of(head.file, head.gguf) : head.file;
    const heads = projector ? [...model, projector] : model;
    const sources = await Promise.all(heads.map(source));
    const instance = await startInstance(sources, wanted, facts, projector?.facts, count, tell, signal);
    if (projector && !instance.sees) {
      instance.close(new AlcoveError("model-invalid", "This projector does not see."));
      throw instance.dead;
    }
    const loaded: LoadedModel = {
      id: wanted.model.id,
      context: instance.info.n_ctx,
      threads: instance.threads,
      weights: widened.includes(model[0])
        ? "F32"
        : mainType({ tensors: model.flatMap(({ gguf }) => gguf.tensors) }),
      device: "CPU",
      loadMs: 0,
    };
    const speech = new PlainSpeech([...model[0].gguf.controls, ...PICTURE_MARKS]);
    return { instance, loaded, facts, speech };
  };
  // Ours has fast kernels for what models are made of. Encoding a picture is most of the work, so the projector
  // comes first.
  const widenable = [...(projector ? [projector] : []), ...(model.length === 1 ? model : [])];
  const widened = programs()[0] === "compat" ? worthWidening(widenable) : [];
  if (widened.length === 0) return start([]);
  try {
    return await start(widened);
  } catch (thrown) {
    if (!(thrown instanceof AlcoveError) || thrown.code !== "out-of-memory") throw thrown;
    return start([]);
  }
}

/** The model's files, checked. */
async function openFiles(
  { model, base }: Wanted,
  files: FileStore,
  tell: Tell,
  signal: AbortSignal,
): Promise<Opened> {
  const { splits = 1 } = model;
  const second = model.files[splits];
  if (model.vision && !second) {
    throw new AlcoveError("model-invalid", "This vision model comes without its projector.", {
      action: "Import the model together with its projector file (mmproj).",
    });
  }
  // A stored file that went bad is fetched anew, once.
  const head = async (file: ModelFile, again = false): Promise<Head> => {
    const blob = await files.get(file, base, tell, signal, { model: model.id });
    try {
      const gguf = await readGguf(blob);
      if (gguf.tensors.length > 0 || !splitOf(gguf)) checkWeights(gguf, blob.size);
      return { file: blob, gguf };
    } catch (thrown) {
      const broken = thrown instanceof AlcoveError && thrown.code === "model-invalid";
      if (again || !broken || file.url.startsWith(LOCAL)) throw thrown;
      await files.discard(file, base);
      return head(file, true);
    }
  };
  const [main, ...others] = await inTurn(model.files.slice(0, splits), head);
  if (!main) throw new AlcoveError("model-invalid", "This model has no file.");
  const rest = others.map(({ file, gguf }) => ({ gguf, size: file.size }));
  const facts = checkModel(main.gguf, main.file.size, rest);
  if (!second) return { model: [main, ...others], facts, projector: undefined };
  const other = await head(second);
  const projectorFacts = checkProjector(other.gguf, other.file.size, facts);
  const file = model.vision ? limitTiles(other.file, other.gguf, model.vision.size) : other.file;
  return { model: [main, ...others], facts, projector: { file, gguf: other.gguf, facts: projectorFacts } };
}

/** One after the other, so that a download tells one thing at a time. */
async function inTurn<From, To>(items: From[], work: (item: From) => Promise<To>): Promise<To[]> {
  const done: To[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

/** Builds that computed wrongly here. */
const wrong = new Set<ProgramName>();

/** Starts the best build that computes rightly on this machine. */
async function startInstance(
  sources: Readable[],
  { model, base }: Wanted,
  facts: ModelFacts,
  projector: ProjectorFacts | undefined,
  threads: number,
  tell: Tell,
  signal: AbortSignal,
): Promise<LlamaInstance> {
  let read = 0;
  let beat: () => void = () => undefined;
  const total = sources.reduce((sum, { size }) => sum + size, 0);
  const blobs = sources.map((source) =>
    countedBlob(source, (bytes) => {
      beat();
      read = Math.min(total, read + bytes);
      tell({ stage: "loading", bytes: read, total });
    }),
  );
  const onAlive = (alive: () => void) => {
    beat = alive;
  };
  for (const name of programs().filter((program) => !wrong.has(program))) {
    const context = facts.context ? Math.min(model.context, facts.context) : model.context;
    const embeds = makesEmbeddings(model);
    const options: InstanceOptions = {
      program: programFiles(name, base),
      threads,
      context,
      // An embedding model reads a text in one piece.
      batch: embeds ? context : projector ? PICTURE_BATCH : BATCH,
      encodeLimitMs: projector?.encodeLimitMs ?? 0,
      pooling: embeds ? (model.pooling ?? (facts.pools ? "unspecified" : "mean")) : undefined,
    };
    const instance = await LlamaInstance.start(blobs, options, onAlive, signal);
    // wllama's own build holds no test.
    if (name === "compat" || (await instance.computesRightly())) return instance;
    instance.close(new AlcoveError("engine-crashed", "This build of the engine computes wrongly here."));
    wrong.add(name);
    read = 0;
  }
  throw new AlcoveError("unsupported", "No build of the language engine runs in this browser.", {
    action: "Use a newer browser.",
  });
}

/**
 * Those of `heads` whose weights are worth computing as F32, the first ones first as far as memory goes: the stock
 * engine has fast kernels for nothing else (a picture is encoded 2 to 4 times as fast as with F16).
 */
function worthWidening(heads: Head[]): Head[] {
  const device = (navigator as { deviceMemory?: number }).deviceMemory ?? F32_DEVICE_GB;
  let room = device >= F32_DEVICE_GB ? MOST_F32_BYTES : 0;
  return heads.filter(({ gguf }) => {
    const bytes = isF32(gguf) ? undefined : f32Size(gguf);
    if (bytes === undefined || bytes > room) return false;
    room -= bytes;
    return true;
  });
}
