/** Models that speak, among the others. */
import type { AnyModel, ModelSpec, VoiceModel } from "../../../workers/engine/contract.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

export const isVoice = (model: AnyModel): model is VoiceModel => model.engine === "piper";

/** Whether it is a language model. */
export const writes = <Model extends AnyModel>(model: Model): model is Exclude<Model, VoiceModel> =>
  !isVoice(model);

/** @throws AlcoveError `unsupported` for a model that speaks */
export function writing(model: AnyModel): ModelSpec {
  if (writes(model)) return model;
  throw new AlcoveError("unsupported", "This model speaks; it writes no text.", {
    action: "Choose a model for chats.",
  });
}

/** @throws AlcoveError `unsupported` for a model that does not speak */
export function speaking(model: AnyModel): VoiceModel {
  if (isVoice(model)) return model;
  throw new AlcoveError("unsupported", "This model writes text; it does not speak.", {
    action: "Choose a voice: alcove.voices() lists them.",
  });
}
