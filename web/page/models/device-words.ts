/** What this device can do. */
import type { Capabilities } from "../../sdk/index.ts";
import { size } from "../kit/format.ts";
import { told } from "../kit/told.ts";
import { words } from "../kit/words.ts";

export const w = words("device", {
  graphics: "Graphics card (WebGPU)",
  none: "No. {reason}",
  software: "Only played by the processor: very slow",
  yes: "Yes",
  card: "Name of the card",
  half: "Half-precision numbers (f16)",
  noHalf: "No: models marked f32 run all the same",
  piece: "Largest piece of graphics memory",
  unknown: "Unknown",
  memory: "Memory",
  untold: "The browser does not tell",
  plenty: "8 GB or more",
  about: "About {gigabytes} GB",
  threads: "Processor threads",
  oneThread: "1: this page is not isolated, so it may not use more",
  room: "Room for models",
  noRoom: "None: this browser does not keep them",
  free: "{free} free, {used} in use",
});

/** Pairs of a question and its answer. */
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
        [w.graphics, webgpu.software ? w.software : w.yes],
        [w.card, webgpu.adapter],
        [w.half, webgpu.f16 ? w.yes : w.noHalf],
        [w.piece, webgpu.limits ? size(webgpu.limits.maxBufferSize) : w.unknown],
      ]
    : [[w.graphics, w.none({ reason: told(webgpu.reason) })]];
  const free = quota && w.free({ free: size(quota.quota - quota.usage), used: size(quota.usage) });
  return [
    ...graphics,
    [w.memory, memory === null ? w.untold : memory >= 8 ? w.plenty : w.about({ gigabytes: memory })],
    [w.threads, crossOriginIsolated ? String(threads) : w.oneThread],
    [w.room, opfs ? free || w.untold : w.noRoom],
  ];
}
