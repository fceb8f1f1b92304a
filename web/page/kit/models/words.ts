/** What answers, and what a model costs, in plain words. */
import type { Choice, ModelEntry } from "../../../sdk/index.ts";
import { size } from "../format.ts";

/** What is true wherever no server of the person's answers. */
export const HERE = "Nothing leaves this device.";

/** "Running on the processor. This browser has no WebGPU." */
export function running({ provider, device, why }: Choice): string {
  if (provider === "openai") return `Running on ${device}: what you write leaves this device. ${why}`;
  if (provider !== "webllm" && provider !== "llamacpp") return `Running on ${device}. ${why}`;
  const where = provider === "webllm" ? `the graphics card (${device})` : "the processor";
  return `Running on ${where}. ${why}`;
}

/** The device in a word or two, beside the model's name. */
export function place({ provider, device }: Choice): string {
  if (provider === "webllm") return "Graphics card";
  return provider === "llamacpp" ? "Processor" : device;
}

/** Three words are about four tokens. */
const words = (tokens: number): string => (Math.round((tokens * 0.75) / 100) * 100).toLocaleString("en");

/** What a model costs, as short facts. */
export function facts({ bytes, vram, context, provider, license }: ModelEntry): string[] {
  return [
    `${size(bytes)} download`,
    provider === "webllm" && vram ? `${size(vram)} of graphics memory` : "runs on the processor",
    `remembers about ${words(context)} words`,
    license === "unknown" ? "licence unknown" : license,
  ];
}
