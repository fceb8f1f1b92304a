/** The models that come with this site, as build.py writes them: too long for what a page loads first. */
import type { ModelSpec } from "../../../workers/engine/contract.ts";
import type { SpeechModel } from "../../../workers/speech/protocol.ts";

declare const __MODELS__: ModelSpec[];
declare const __EARS__: SpeechModel[];

export const SHIPPED: readonly ModelSpec[] = __MODELS__;

/** Those that hear. */
export const EARS: readonly SpeechModel[] = __EARS__;
