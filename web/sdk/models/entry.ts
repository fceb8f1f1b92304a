/** A model as the list shows it: what the catalogue says of it, and what this device makes of it. */
import type { AnyModel } from "../../../workers/engine/contract.ts";
import type { Capabilities } from "../capabilities.ts";
import { fitOf } from "./fit.ts";
import { sees } from "./sees.ts";
import { type Verified, verifiedBy } from "./verified.ts";
import { writes } from "./voices.ts";

export interface ModelEntry {
  id: string;
  name: string;
  family: string;
  license: string;
  /** What runs it. */
  provider: AnyModel["engine"];
  /** Bytes to download. */
  bytes: number;
  /** Window in tokens; 0 for one that holds no conversation. */
  context: number;
  /** Bytes of GPU memory, for a model that runs there. */
  vram?: number;
  goodFor: string[];
  /** What it knows and what it does not, where the catalogue says so. */
  about?: string;
  /** Whether it takes pictures. */
  sees: boolean;
  /** Whether it comes with this site; the others come from their makers' hub. */
  shipped: boolean;
  /** Whether its files are on this device. */
  cached: boolean;
  /** What vouches for its files; `verifiedWords` says it to a person. */
  verified: Verified;
  /** The person wants to keep it, whatever room is needed. */
  pinned: boolean;
  /** Milliseconds since 1970; 0 for one that no engine has loaded. */
  lastUsed: number;
  /** Whether this device can run it, as far as the browser tells. */
  fits: boolean;
  /** Why it does not fit, or a caution. */
  why: string;
}

interface Standing extends Pick<ModelEntry, "shipped" | "cached" | "pinned" | "lastUsed"> {
  /** The person brought it. */
  imported: boolean;
  capabilities: Capabilities;
}

export function entryOf(spec: AnyModel, { imported, capabilities, ...standing }: Standing): ModelEntry {
  return {
    id: spec.id,
    name: spec.name,
    family: spec.family,
    license: spec.license,
    provider: spec.engine,
    bytes: spec.engine === "webllm" ? spec.bytes : spec.files.reduce((sum, file) => sum + file.bytes, 0),
    context: writes(spec) ? spec.context : 0,
    ...(spec.engine === "webllm" ? { vram: spec.vram } : {}),
    goodFor: spec.goodFor ?? ["general", "low-end"],
    ...(spec.about === undefined ? {} : { about: spec.about }),
    sees: writes(spec) && sees(spec),
    ...standing,
    verified: verifiedBy(spec, imported, standing.cached),
    ...fitOf(spec, capabilities),
  };
}
