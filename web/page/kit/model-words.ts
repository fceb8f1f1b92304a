/** What answers and what this device can do, in plain words. */
import type { Capabilities, Choice, ModelEntry } from "../../sdk/index.ts";
import { size } from "./format.ts";

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

/** What this device can do: pairs of a question and its answer. */
export function deviceFacts({
  webgpu,
  memory,
  threads,
  crossOriginIsolated,
  opfs,
  quota,
}: Capabilities): [string, string][] {
  const graphics: [string, string][] = webgpu.supported
    ? [
        ["Graphics card (WebGPU)", webgpu.software ? "Only played by the processor: very slow" : "Yes"],
        ["Name of the card", webgpu.adapter],
        ["Half-precision numbers (f16)", webgpu.f16 ? "Yes" : "No: models marked f32 run all the same"],
        ["Largest piece of graphics memory", webgpu.limits ? size(webgpu.limits.maxBufferSize) : "Unknown"],
      ]
    : [["Graphics card (WebGPU)", `No. ${webgpu.reason}`]];
  return [
    ...graphics,
    [
      "Memory",
      memory === null ? "The browser does not tell" : memory >= 8 ? "8 GB or more" : `About ${memory} GB`,
    ],
    [
      "Processor threads",
      crossOriginIsolated ? String(threads) : "1: this page is not isolated, so it may not use more",
    ],
    [
      "Room for models",
      !opfs
        ? "None: this browser does not keep them"
        : quota
          ? `${size(quota.quota - quota.usage)} free, ${size(quota.usage)} in use`
          : "The browser does not tell",
    ],
  ];
}
