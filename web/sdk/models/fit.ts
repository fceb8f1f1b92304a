/** Whether a model can run on this device, as far as a browser tells. */
import type { AnyModel } from "../../../workers/engine/contract.ts";
import type { Capabilities } from "../capabilities.ts";

interface Fit {
  fits: boolean;
  /** Why not; a caution when it fits all the same; empty when there is nothing to say. */
  why: string;
}

/** A browser never tells of more than this many GB, so what needs more cannot be ruled out. */
const MOST_TOLD_GB = 8;
/** The share of a device's memory that a model may take. */
const SHARE = 0.6;
/** On a processor that plays graphics card, more than this is a matter of minutes a word. */
const MOST_SOFTWARE_BYTES = 1e9;

const gb = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Judges `model` by what it needs and by what the browser says of the device. */
export function fitOf(model: AnyModel, { webgpu, memory }: Capabilities): Fit {
  const needed =
    model.engine === "webllm"
      ? model.vram
      : ((model.engine === "llamacpp" ? model.memory : undefined) ??
        model.files.reduce((sum, file) => sum + file.bytes, 0));
  if (model.engine === "webllm") {
    // As the engine's worker refuses them (`workers/webllm/files.ts`).
    if (model.record?.model_manifest !== undefined) {
      return { fits: false, why: "Alcove cannot run this kind of model yet." };
    }
    if (!webgpu.supported) return { fits: false, why: webgpu.reason };
    const missing = model.features.filter((feature) => !webgpu.features.includes(feature));
    if (missing.length > 0) {
      return { fits: false, why: `It needs ${missing.join(" and ")}, which this graphics card lacks.` };
    }
    if (webgpu.software) {
      return needed > MOST_SOFTWARE_BYTES
        ? { fits: false, why: "There is no graphics card here, and it is too large without one." }
        : { fits: true, why: "There is no graphics card here: it runs, but very slowly." };
    }
  }
  if (memory === null) return { fits: true, why: "" };
  if (needed <= memory * 1e9 * SHARE) return { fits: true, why: "" };
  return memory < MOST_TOLD_GB
    ? { fits: false, why: `It needs ${gb(needed)} of memory; this device has about ${memory} GB.` }
    : { fits: true, why: `It needs ${gb(needed)} of memory.` };
}
