/** The graphics card as this worker sees it: whether there is one, and when it is lost. */
import { isSoftware } from "../engine/software-card.ts";
import { AlcoveError } from "../wire/errors.ts";
import { reuse } from "./reuse.ts";

/** A driver that hangs must not hang us. */
const ADAPTER_LIMIT_MS = 20_000;
const LOSS_TOLD_MS = 2_000;

const none = (reason: string, action: string): AlcoveError =>
  new AlcoveError("unsupported", reason, { action });

/**
 * Looks for a card with `features`, which are WebGPU's names.
 * @returns its name for a person, and whether a processor plays its part
 * @throws AlcoveError `unsupported` with the reason
 */
export async function findCard(features: string[]): Promise<{ name: string; software: boolean }> {
  if (!("gpu" in navigator) || !navigator.gpu) {
    throw none(
      "This browser has no WebGPU, or it is switched off.",
      "Use the engine for the processor, or another browser.",
    );
  }
  const late = new Promise<null>((resolve) => setTimeout(resolve, ADAPTER_LIMIT_MS, null));
  const asked = navigator.gpu.requestAdapter({ powerPreference: "high-performance" }).catch(() => null);
  const adapter = await Promise.race([asked, late]);
  if (!adapter) {
    throw none(
      "There is no graphics card that the browser can use for WebGPU.",
      "Use the engine for the processor, or update the graphics driver.",
    );
  }
  const missing = features.filter((feature) => !adapter.features.has(feature));
  if (missing.length > 0) {
    throw none(
      `This model needs ${missing.join(", ")}, which the graphics card does not have.`,
      "Choose a model without that need: the f32 variants.",
    );
  }
  const { description, vendor, architecture } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(" ") || "WebGPU";
  return { name, software: isSoftware(adapter.info) };
}

/** One device, from its creation on. */
export class Device {
  /** Resolves with the reason when the device is lost against our will. */
  readonly lost: Promise<AlcoveError>;
  readonly #device: GPUDevice;
  #closed = false;

  constructor(device: GPUDevice) {
    this.#device = device;
    // WebLLM destroys the device when a buffer cannot be made, and only logs why.
    const failures: string[] = [];
    const pop = device.popErrorScope.bind(device);
    device.popErrorScope = async () => {
      const error = await pop();
      if (error) failures.push(error.message);
      return error;
    };
    this.lost = new Promise((resolve) => {
      void device.lost.then(({ reason, message }) => {
        if (this.#closed) return;
        const detail = [reason, message, ...failures.slice(0, 2)].join(" · ").slice(0, 800);
        resolve(failures.length > 0 ? tooSmall(detail) : gone(detail));
      });
    });
  }

  /**
   * The loss that `thrown` came of, if it did: what waits on a device fails a little before the loss is told.
   */
  async lossBehind(thrown: unknown): Promise<AlcoveError | undefined> {
    if (!(thrown instanceof DOMException) || this.#closed) return undefined;
    const none = new Promise<undefined>((resolve) => setTimeout(resolve, LOSS_TOLD_MS));
    return Promise.race([this.lost, none]);
  }

  /** Frees everything on the device. */
  close(): void {
    this.#closed = true;
    this.#device.destroy();
  }
}

/** The card has no room for what was asked. */
export const tooSmall = (detail: string): AlcoveError =>
  new AlcoveError("out-of-memory", "The graphics card has too little memory for this model.", {
    action: "Close other tabs, or choose a smaller model or a smaller context.",
    detail,
  });

const gone = (detail: string): AlcoveError =>
  new AlcoveError("device-lost", "The graphics card was lost while the model was using it.", {
    action: "Try again: the model is loaded anew.",
    detail,
  });

/**
 * Runs `task` and hands every device that is made meanwhile to `onDevice`: WebLLM makes its own and does not
 * show it.
 */
export async function catchDevices<T>(
  onDevice: (device: Device) => void,
  task: () => Promise<T>,
): Promise<T> {
  const prototype = GPUAdapter.prototype;
  const request = prototype.requestDevice;
  prototype.requestDevice = async function (this: GPUAdapter, ...args) {
    const device = await request.apply(this, args);
    reuse(device);
    onDevice(new Device(device));
    return device;
  };
  try {
    return await task();
  } finally {
    prototype.requestDevice = request;
  }
}
