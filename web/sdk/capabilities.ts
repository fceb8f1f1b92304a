/** What this browser and this page can do, found out once at start. */

import { isSoftware } from "../../workers/engine/software-card.ts";

interface WebGpu {
  supported: boolean;
  /** Why not, in plain words; empty when supported. */
  reason: string;
  /** Name of the graphics card, as far as the browser tells. */
  adapter: string;
  vendor: string;
  architecture: string;
  /** A processor plays the graphics card. */
  software: boolean;
  f16: boolean;
  features: string[];
  limits: { maxBufferSize: number; maxStorageBufferBindingSize: number } | null;
}

export interface Capabilities {
  webgpu: WebGpu;
  crossOriginIsolated: boolean;
  /** Threads that the engine may use. */
  threads: number;
  /** GB of memory, which browsers round and never say more than 8 of; null where they do not tell. */
  memory: number | null;
  opfs: boolean;
  indexedDB: boolean;
  serviceWorker: boolean;
  /** Bytes used and allowed, or null when the browser does not tell. */
  quota: { usage: number; quota: number } | null;
  /** What the person should know, in plain words. */
  notices: string[];
}

const DETECT_MS = 1_500;

/** Resolves to `fallback` when a browser's question takes too long or fails. */
function within<T>(question: Promise<T>, fallback: T): Promise<T> {
  const late = new Promise<T>((resolve) => setTimeout(() => resolve(fallback), DETECT_MS));
  return Promise.race([question.catch(() => fallback), late]);
}

function noGpu(reason: string): WebGpu {
  return {
    supported: false,
    reason,
    adapter: "",
    vendor: "",
    architecture: "",
    software: false,
    f16: false,
    features: [],
    limits: null,
  };
}

/** Asks for a WebGPU adapter and says why there is none. */
async function detectWebGpu(): Promise<WebGpu> {
  if (!isSecureContext) return noGpu("The page is not served over HTTPS.");
  if (!("gpu" in navigator)) return noGpu("This browser has no WebGPU, or it is switched off.");
  const gpu = navigator.gpu as {
    requestAdapter(): Promise<{
      info: { vendor: string; architecture: string; description: string; isFallbackAdapter?: boolean };
      isFallbackAdapter?: boolean;
      features: ReadonlySet<string>;
      limits: { maxBufferSize: number; maxStorageBufferBindingSize: number };
    } | null>;
  };
  const adapter = await gpu.requestAdapter();
  if (!adapter) return noGpu("The browser found no graphics card that it can use.");
  const { vendor, architecture, description } = adapter.info;
  const isFallbackAdapter = adapter.info.isFallbackAdapter ?? adapter.isFallbackAdapter ?? false;
  return {
    supported: true,
    reason: "",
    adapter: description || [vendor, architecture].filter(Boolean).join(" ") || "Graphics card",
    vendor,
    architecture,
    software: isSoftware({ architecture, isFallbackAdapter }),
    f16: adapter.features.has("shader-f16"),
    features: [...adapter.features],
    limits: {
      maxBufferSize: adapter.limits.maxBufferSize,
      maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    },
  };
}

async function hasOpfs(): Promise<boolean> {
  await navigator.storage.getDirectory();
  return true;
}

async function detectQuota(): Promise<{ usage: number; quota: number } | null> {
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : { usage, quota };
}

/** Finds out what this browser can do; never fails. */
export async function detectCapabilities(historyIsKept: boolean): Promise<Capabilities> {
  const [webgpu, opfs, quota] = await Promise.all([
    within(detectWebGpu(), noGpu("The browser did not answer.")),
    within(Promise.resolve().then(hasOpfs), false),
    within(Promise.resolve().then(detectQuota), null),
  ]);
  const isolated = globalThis.crossOriginIsolated === true;
  const notices: string[] = [];
  if (!historyIsKept) {
    notices.push(
      "This browser does not let Alcove keep history: conversations last until you close the tab.",
    );
  }
  if (!isolated) {
    notices.push("This page is not isolated, so the model runs on a single thread and answers more slowly.");
  }
  if (!opfs)
    notices.push("This browser does not let Alcove keep models: they are downloaded again each time.");
  return {
    webgpu,
    crossOriginIsolated: isolated,
    memory: (navigator as { deviceMemory?: number }).deviceMemory ?? null,
    threads: isolated ? (navigator.hardwareConcurrency ?? 1) : 1,
    opfs,
    indexedDB: historyIsKept,
    serviceWorker: "serviceWorker" in navigator,
    quota,
    notices,
  };
}
