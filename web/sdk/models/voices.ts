/** Models that speak or read, among those that write. */
import type { AnyModel, ModelSpec, ReaderModel, VoiceModel } from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

export const isVoice = (model: AnyModel): model is VoiceModel => model.engine === "piper";

export const isReader = (model: AnyModel): model is ReaderModel => model.engine === "ppocr";

/** Whether it is a language model. */
export const writes = <Model extends AnyModel>(
  model: Model,
): model is Exclude<Model, VoiceModel | ReaderModel> => !isVoice(model) && !isReader(model);

/** @throws AlcoveError `unsupported` for a model that speaks or reads */
export function writing(model: AnyModel): ModelSpec {
  if (writes(model)) return model;
  const does = isVoice(model) ? "speaks" : "reads what stands in pictures";
  throw new AlcoveError("unsupported", `This model ${does}; it writes no text.`, {
    action: "Choose a model for chats.",
  });
}

/** @throws AlcoveError `unsupported` for a model that does not speak */
export function speaking(model: AnyModel): VoiceModel {
  if (isVoice(model)) return model;
  throw new AlcoveError("unsupported", "This model does not speak.", {
    action: "Choose a voice: alcove.voices() lists them.",
  });
}
