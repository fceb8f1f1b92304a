/** `Embeddings`: texts → vectors, on the engine of `alcove.embed`. */
import { asSdk, SDKError, SDKErrorCode } from "./errors.ts";
import { emit } from "./events.ts";
import { home, requireInitialized } from "./home.ts";
import { alcoveId } from "./managed.ts";
import { adopted, fetched, loading, unloaded } from "./moves.ts";
import { EmbeddingsNormalize, EmbeddingsPooling, ModelCategory } from "./names.ts";
import { knownModel, rememberFiles } from "./registry.ts";

export interface EmbeddingsOptions {
  /** Default L2: each vector has the length 1. `None` leaves them as the model makes them. */
  normalize?: EmbeddingsNormalize;
  /** Left out, as the model's file says. */
  pooling?: EmbeddingsPooling;
}

export interface EmbeddingVector {
  data: Float32Array;
  dimension: number;
}

export interface EmbeddingsResult {
  embeddings: EmbeddingVector[];
  dimension: number;
  processingTimeMs: number;
  totalTokens: number;
}

const POOLINGS = {
  [EmbeddingsPooling.Mean]: "mean",
  [EmbeddingsPooling.CLS]: "cls",
  [EmbeddingsPooling.Last]: "last",
} as const;

let loaded: string | undefined;

export const Embeddings = {
  extensionName: "Embeddings",

  /**
   * Loads a GGUF file, in place of the model before.
   * @param modelPath its address, relative to the page; it is downloaded once and kept
   * @throws SDKError as `TextGeneration.loadModel`; `BackendNotAvailable` for a model that writes text
   */
  async loadModel(modelPath: string, modelId: string, modelName: string = modelId): Promise<void> {
    requireInitialized();
    const about = { id: modelId, name: modelName, goodFor: ["embedding"] };
    rememberFiles([modelPath], about, ModelCategory.Language);
    await fetched(modelId);
    // The engine loads with the first text.
    await loading(modelId, ModelCategory.Language, () => vectors(modelId, ["."]));
    loaded = modelId;
  },

  async unloadModel(): Promise<void> {
    const before = loaded;
    loaded = undefined;
    if (before) unloaded(before, ModelCategory.Language);
  },

  get isModelLoaded(): boolean {
    return loaded !== undefined;
  },

  /** @throws SDKError as {@link Embeddings.embedBatch} */
  embed(text: string, options: EmbeddingsOptions = {}): Promise<EmbeddingsResult> {
    return Embeddings.embedBatch([text], options);
  },

  /** @throws SDKError `NotInitialized`, `ModelNotLoaded`, `InvalidParameter`, `ContextLengthExceeded`, `BackendError` */
  async embedBatch(texts: string[], options: EmbeddingsOptions = {}): Promise<EmbeddingsResult> {
    requireInitialized();
    if (!loaded) {
      throw new SDKError(SDKErrorCode.ModelNotLoaded, "No embedding model is loaded.", undefined, {
        action: "Call Embeddings.loadModel() first.",
      });
    }
    const began = performance.now();
    const { normalize = EmbeddingsNormalize.L2, pooling } = options;
    const id = pooling === undefined ? loaded : await pooledBy(loaded, pooling);
    const { data, usage } = await asSdk(vectors(id, texts));
    const embeddings = data.map(({ embedding }) => {
      const vector = Float32Array.from(embedding);
      const unit = normalize === EmbeddingsNormalize.None ? vector : ofLengthOne(vector);
      return { data: unit, dimension: unit.length };
    });
    const dimension = embeddings[0]?.dimension ?? 0;
    const processingTimeMs = performance.now() - began;
    emit("embeddings.generated", { numEmbeddings: embeddings.length, dimension, processingTimeMs });
    return { embeddings, dimension, processingTimeMs, totalTokens: usage.total_tokens };
  },

  /** From -1 to 1; 0 where one of them is all zero. @throws SDKError `InvalidParameter` for different lengths */
  cosineSimilarity(a: Float32Array, b: Float32Array): number {
    if (a.length !== b.length) {
      const lengths = `${a.length} and ${b.length}`;
      throw new SDKError(SDKErrorCode.InvalidParameter, `These vectors have ${lengths} numbers.`);
    }
    let [dot, aa, bb] = [0, 0, 0];
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [a[i] as number, b[i] as number];
      dot += x * y;
      aa += x * x;
      bb += y * y;
    }
    return aa === 0 || bb === 0 ? 0 : dot / Math.sqrt(aa * bb);
  },

  async cleanup(): Promise<void> {
    await Embeddings.unloadModel();
  },
};

async function vectors(id: string, input: string[]) {
  return (await home()).openai.embeddings({ model: alcoveId(id), input });
}

/** How vectors are pooled is decided when a model is loaded: another way is another model, of the same file. */
async function pooledBy(id: string, pooling: EmbeddingsPooling): Promise<string> {
  const way = POOLINGS[pooling];
  const spec = knownModel(id) ?? (await adopted(id));
  if (way === undefined || spec.engine !== "llamacpp") {
    throw new SDKError(SDKErrorCode.InvalidParameter, `"${id}" cannot be pooled so.`, undefined, {
      action: "Leave `pooling` out, or use a GGUF model and one of EmbeddingsPooling.",
    });
  }
  const pooled = { ...spec, id: `${spec.id} (${way})`, pooling: way };
  (await home()).models.register(pooled);
  return pooled.id;
}

function ofLengthOne(vector: Float32Array): Float32Array {
  const length = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
  return length === 0 ? vector : vector.map((x) => x / length);
}
