/** The models that come with this site, as build.py writes them: too long for what a page loads first. */
import type { AnyModel } from "../../../workers/engine/contract.ts";
import type { SpeechModel } from "../../../workers/speech/protocol.ts";
import { isReader, isVoice, writes } from "./voices.ts";

declare const __MODELS__: AnyModel[];
declare const __EARS__: SpeechModel[];

const ALL: readonly AnyModel[] = __MODELS__;

export const SHIPPED = ALL.filter(writes);
/** Those that speak. */
export const SHIPPED_VOICES = ALL.filter(isVoice);
/** Those that read what stands in pictures. */
export const SHIPPED_READERS = ALL.filter(isReader);

/** Those that hear. */
export const EARS: readonly SpeechModel[] = __EARS__;
