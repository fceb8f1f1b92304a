/** What a projector ("mmproj", the vision half of a model) says of itself, and whether it fits its model. */
import { AlcoveError } from "../wire/errors.ts";
import { checkWeights, type Gguf, type ModelFacts } from "./gguf.ts";

export interface ProjectorFacts {
  /** How it joins pictures to words, e.g. "mlp" or "idefics3". */
  kind: string;
  name: string;
  /** How long encoding one picture, or one tile of it, may take before the engine counts as hung. */
  encodeLimitMs: number;
}

/** Of the slowest device that is worth waiting for, busy with other things. */
const LEAST_FLOPS_A_MS = 1e6;
const LONGEST_ENCODE_MS = 600_000;

const unfit = (message: string, action: string, detail?: string): AlcoveError =>
  new AlcoveError("model-invalid", message, detail === undefined ? { action } : { action, detail });

/**
 * Checks that `gguf` describes a whole projector that sees, and that fits `model`.
 * @param size bytes of the file
 * @throws AlcoveError `model-invalid` with a plain reason
 */
export function checkProjector(gguf: Gguf, size: number, model: ModelFacts): ProjectorFacts {
  const text = (key: string) => String(gguf.metadata.get(key) ?? "");
  if (text("general.architecture") !== "clip") {
    throw unfit(
      "The second file of this model is no projector: it is a language model.",
      'Choose the projector that belongs to the model; its name usually has "mmproj" in it.',
    );
  }
  checkWeights(gguf, size);
  if (gguf.metadata.get("clip.has_vision_encoder") !== true) {
    throw unfit("This projector does not see: it is made for other media.", "Choose a projector for images.");
  }
  const width = Number(gguf.metadata.get("clip.vision.projection_dim") ?? 0);
  if (!fits(gguf, width, model.width)) {
    throw foreign(`projection_dim ${width}, embedding_length ${model.width}`);
  }
  return {
    kind: text("clip.vision.projector_type") || text("clip.projector_type"),
    name: text("general.name"),
    encodeLimitMs: Math.min(LONGEST_ENCODE_MS, encodeFlops(gguf) / LEAST_FLOPS_A_MS),
  };
}

/** The projector of another model. llama.cpp finds the cases that a header does not show. */
export const foreign = (detail: string): AlcoveError =>
  unfit(
    "This projector belongs to another model.",
    "Choose the projector that was made for this model.",
    detail,
  );

/**
 * Whether it makes what the model takes: embeddings of its width, or of several layers at once. Old files tell
 * another number as `projection_dim`; then one of the projector's own weights has to end in the right width.
 */
function fits(gguf: Gguf, projection: number, width: number): boolean {
  if (projection === 0 || width === 0 || projection % width === 0) return true;
  return gguf.tensors.some(({ name, shape }) => name.startsWith("mm.") && shape.at(-1) === width);
}

const TILED_SIDE = "clip.vision.preproc_image_size";

/**
 * The projector with fewer tiles. Some (SmolVLM's) enlarge any picture to the side that their file names, and
 * encode it in up to 17 tiles: minutes on a processor. The file is the one place that says how many.
 * @param side pixels of the longest side that are worth looking at
 */
export function limitTiles(file: Blob, gguf: Gguf, side: number): Blob {
  const at = gguf.u32At.get(TILED_SIDE);
  const tile = Number(gguf.metadata.get("clip.vision.image_size") ?? 0);
  if (at === undefined || tile === 0) return file;
  const wanted = Math.ceil(side / tile) * tile;
  if (wanted >= Number(gguf.metadata.get(TILED_SIDE))) return file;
  const value = new DataView(new ArrayBuffer(4));
  value.setUint32(0, wanted, true);
  return new Blob([file.slice(0, at), value, file.slice(at + 4)]);
}

/** Operations for one picture of the projector's own size: its weights for each patch, and attention between them. */
function encodeFlops(gguf: Gguf): number {
  const number = (key: string, otherwise: number) =>
    Number(gguf.metadata.get(`clip.vision.${key}`) ?? otherwise);
  const patches = (number("image_size", 1024) / number("patch_size", 14)) ** 2;
  const weights = gguf.tensors.reduce((sum, { count }) => sum + count, 0);
  const attention = number("block_count", 0) * number("embedding_length", 0) * patches;
  return patches * (2 * weights + 4 * attention);
}
