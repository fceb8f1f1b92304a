/** From a model's description to a running instance: file, check, weights, threads, native load. */
import { BUILD } from "../shared/build.ts";
import type { LlamaCppModel, LoadedModel, LoadProgress } from "../shared/engine.ts";
import { AlcoveError } from "../shared/errors.ts";
import { F32File, f32Size, isF32, type Readable } from "./f32file.ts";
import { type FileStore, LOCAL } from "./files.ts";
import { checkModel, type Gguf, type ModelFacts, mainType, readGguf } from "./gguf.ts";
import { Native } from "./native.ts";
import { checkProjector } from "./projector.ts";
import { countedBlob } from "./source.ts";
import type { Threads } from "./threads.ts";

/** F32 weights larger than this stay as they are: they would crowd a 4 GB wasm heap and the device. */
const MOST_F32_BYTES = 1 << 30;
/** Below this many GB the browser says the device is small (it never says more than 8). */
const F32_DEVICE_GB = 4;
/**
 * Tokens a step of prefill. llama.cpp hears a stop between steps, and the next request waits for that: 64
 * tokens are about a second on a slow core; 512 prefill 1.5 times as fast and stop eight times as late.
 */
const BATCH = 64;

type Tell = (progress: LoadProgress) => void;

/** What is needed to have a model again. */
export interface Wanted {
  model: LlamaCppModel;
  /** Absolute URL of the root of the built site. */
  base: string;
}

export interface Running {
  native: Native;
  loaded: LoadedModel;
  facts: ModelFacts;
  /** Whether it has a projector that works. */
  sees: boolean;
}

/** A model's files, checked. */
interface Opened {
  file: Blob;
  gguf: Gguf;
  facts: ModelFacts;
  projector: Blob | undefined;
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
): Promise<Running> {
  const { file, gguf, facts, projector } = await openFiles(wanted, files, tell, signal);
  if (!facts.hasChatTemplate) {
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
  const start = async (source: Readable, weights: string): Promise<Running> => {
    const sources = projector ? [source, projector] : [source];
    const native = await startNative(sources, wanted, facts, count, tell, signal);
    const loaded: LoadedModel = {
      id: wanted.model.id,
      context: native.info.n_ctx,
      threads: native.threads,
      weights,
      device: "CPU",
      loadMs: 0,
    };
    return { native, loaded, facts, sees: native.sees };
  };
  if (!worthWidening(gguf)) return start(file, mainType(gguf));
  try {
    return await start(await F32File.of(file, gguf), "F32");
  } catch (thrown) {
    if (!(thrown instanceof AlcoveError) || thrown.code !== "out-of-memory") throw thrown;
    return start(file, mainType(gguf));
  }
}

/** The model's files, checked; stored ones that went bad are fetched anew, once. */
async function openFiles(
  { model, base }: Wanted,
  files: FileStore,
  tell: Tell,
  signal: AbortSignal,
): Promise<Opened> {
  const [first, second] = model.files;
  if (model.vision && !second) {
    throw new AlcoveError("model-invalid", "This vision model comes without its projector.", {
      action: "Import the model together with its projector file (mmproj).",
    });
  }
  const open = async (): Promise<Opened> => {
    const file = await files.get(first, base, tell, signal);
    const gguf = await readGguf(file);
    const facts = checkModel(gguf, file.size);
    if (!second) return { file, gguf, facts, projector: undefined };
    const projector = await files.get(second, base, tell, signal);
    checkProjector(await readGguf(projector), projector.size, facts);
    return { file, gguf, facts, projector };
  };
  try {
    return await open();
  } catch (thrown) {
    const broken = thrown instanceof AlcoveError && thrown.code === "model-invalid";
    if (!broken || first.url.startsWith(LOCAL)) throw thrown;
    await files.remove(model);
    return await open();
  }
}

function startNative(
  sources: Readable[],
  { model, base }: Wanted,
  facts: ModelFacts,
  threads: number,
  tell: Tell,
  signal: AbortSignal,
): Promise<Native> {
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
  const url = (path: string) => new URL(path, base).href;
  const options = {
    wasmUrl: url(BUILD.wllamaWasm),
    compat: { worker: url(BUILD.wllamaCompat.worker), wasm: url(BUILD.wllamaCompat.wasm) },
    threads,
    context: facts.context ? Math.min(model.context, facts.context) : model.context,
    batch: BATCH,
  };
  const onAlive = (alive: () => void) => {
    beat = alive;
  };
  return Native.start(blobs, options, onAlive, signal);
}

/** Whether the weights are worth computing as F32: the stock engine has fast kernels for nothing else. */
function worthWidening(gguf: Gguf): boolean {
  const bytes = f32Size(gguf);
  const device = (navigator as { deviceMemory?: number }).deviceMemory ?? F32_DEVICE_GB;
  return !isF32(gguf) && bytes !== undefined && bytes <= MOST_F32_BYTES && device >= F32_DEVICE_GB;
}
