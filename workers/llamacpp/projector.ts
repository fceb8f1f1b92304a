/** What a projector ("mmproj", the vision half of a model) says of itself, and whether it fits its model. */
import { AlcoveError } from "../shared/errors.ts";
import { checkWeights, type Gguf, type ModelFacts } from "./gguf.ts";

export interface ProjectorFacts {
  /** How it joins pictures to words, e.g. "mlp" or "idefics3". */
  kind: string;
  name: string;
}

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
  // A model with several layers of vision features takes a multiple of its own width.
  const width = Number(gguf.metadata.get("clip.vision.projection_dim") ?? 0);
  if (width && model.width && width % model.width !== 0) {
    throw unfit(
      "This projector belongs to another model.",
      "Choose the projector that was made for this model.",
      `projection_dim ${width}, embedding_length ${model.width}`,
    );
  }
  return {
    kind: text("clip.vision.projector_type") || text("clip.projector_type"),
    name: text("general.name"),
  };
}
