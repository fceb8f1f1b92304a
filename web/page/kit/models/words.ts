/** What answers, and where, in plain words. */
import type { Choice } from "../../../sdk/index.ts";
import { told } from "../told.ts";
import { words } from "../words.ts";

export const w = words("running", {
  server: "Running on {device}: what you write leaves this device. {why}",
  other: "Running on {device}. {why}",
  graphics: "Running on the graphics card ({device}). {why}",
  processor: "Running on the processor. {why}",
  graphicsCard: "Graphics card",
  processorOnly: "Processor",
});

/** "Running on the processor. This browser has no WebGPU." */
export function running({ provider, device, why: reason }: Choice): string {
  const why = told(reason);
  if (provider === "openai") return w.server({ device, why });
  if (provider === "webllm") return w.graphics({ device, why });
  return provider === "llamacpp" ? w.processor({ why }) : w.other({ device, why });
}

/** The device in a word or two, beside the model's name. */
export function place({ provider, device }: Choice): string {
  if (provider === "webllm") return w.graphicsCard;
  return provider === "llamacpp" ? w.processorOnly : device;
}
