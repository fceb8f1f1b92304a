import type { ModelSpec } from "../../../workers/engine/contract.ts";

/** Whether a model takes pictures. */
export const sees = (spec: ModelSpec): boolean => spec.engine === "llamacpp" && spec.vision !== undefined;
