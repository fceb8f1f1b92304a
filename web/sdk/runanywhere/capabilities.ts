/** `detectCapabilities`: what this browser can do, as RunAnywhere's code asks for it. */
import { detectCapabilities as detect } from "../capabilities.ts";

export interface WebCapabilities {
  hasWebGPU: boolean;
  gpuAdapterInfo?: Record<string, string>;
  /** What a conversation would compute on. */
  activeAcceleration: "webgpu" | "cpu";
  hasSharedArrayBuffer: boolean;
  isCrossOriginIsolated: boolean;
  hasWASMSIMD: boolean;
  hasOPFS: boolean;
  /** As far as the browser tells, never more than 8; 0 where it does not. */
  deviceMemoryGB: number;
  hardwareConcurrency: number;
  userAgent: string;
}

/** A module with one function that adds two vectors: valid where SIMD is. */
const SIMD = Uint8Array.of(
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0],
  ...[10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11],
);

/** Finds it out; never fails. */
export async function detectCapabilities(): Promise<WebCapabilities> {
  const { webgpu, crossOriginIsolated, opfs, memory } = await detect(true);
  const { adapter, vendor, architecture } = webgpu;
  return {
    hasWebGPU: webgpu.supported,
    ...(webgpu.supported ? { gpuAdapterInfo: { description: adapter, vendor, architecture } } : {}),
    activeAcceleration: webgpu.supported && !webgpu.software ? "webgpu" : "cpu",
    hasSharedArrayBuffer: typeof SharedArrayBuffer !== "undefined",
    isCrossOriginIsolated: crossOriginIsolated,
    hasWASMSIMD: WebAssembly.validate(SIMD),
    hasOPFS: opfs,
    deviceMemoryGB: memory ?? 0,
    hardwareConcurrency: navigator.hardwareConcurrency ?? 1,
    userAgent: navigator.userAgent,
  };
}
