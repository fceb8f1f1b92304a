/**
 * ONNX Runtime for workers of this site: one thread of a worker that computes nothing else meanwhile. Its code is
 * fetched when a worker opens its first session.
 */
import { env, InferenceSession } from "onnxruntime-web/wasm";
import { BUILD } from "../build.ts";
import { AlcoveError } from "../wire/errors.ts";
import { scriptUrl } from "../wire/trusted.ts";

export { type InferenceSession, Tensor } from "onnxruntime-web/wasm";

/** More win little with models as small as these. */
const MOST_THREADS = 4;

/** How many threads it computes on: all cores but `spared` ones, which are the page's and the language model's. */
export function threads(spared = 1): number {
  if (!crossOriginIsolated) return 1;
  return Math.max(1, Math.min(MOST_THREADS, (navigator.hardwareConcurrency || 1) - spared));
}

/**
 * Opens a model.
 * @param model the bytes of an ONNX file
 * @param base absolute URL of the root of the built site
 * @param count of threads; one for all models of a worker
 * @throws AlcoveError `model-invalid` for what is no model that it can run, `out-of-memory`, `download-failed` where
 *   its own code cannot be had
 */
export async function openSession(
  model: Uint8Array,
  base: string,
  count = threads(),
): Promise<InferenceSession> {
  const { script, wasm } = BUILD.onnx;
  const at = (path: string) => new URL(path, base).href;
  // Its threads start from its script, by the policy that this makes (build_steps/speech/onnx.py).
  scriptUrl(at(script));
  env.wasm.wasmPaths = { mjs: at(script), wasm: at(wasm) };
  env.wasm.numThreads = count;
  env.logLevel = "error";
  try {
    return await InferenceSession.create(model, {
      executionProviders: ["wasm"],
      graphOptimizationLevel: "extended",
      // What it would keep for the next, longer run is more than such a model is.
      enableCpuMemArena: false,
    });
  } catch (thrown) {
    throw onnxFailure(thrown);
  }
}

/** What ONNX Runtime throws, in our words. */
export function onnxFailure(thrown: unknown): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  const detail = String(thrown);
  if (/bad_alloc|out of memory|OOM|allocat/i.test(detail))
    return new AlcoveError("out-of-memory", "There is not enough memory for this model.", { detail });
  if (/no available backend|fetch|import/i.test(detail))
    return new AlcoveError("download-failed", "What runs this model could not be loaded.", { detail });
  return new AlcoveError("model-invalid", "This model cannot be run.", { detail });
}
