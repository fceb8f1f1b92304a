/** The models that come with this site, as build.py writes them: too long for what a page loads first. */
import type { ModelSpec } from "../../../workers/engine/contract.ts";

declare const __MODELS__: ModelSpec[];

export const SHIPPED: readonly ModelSpec[] = __MODELS__;
