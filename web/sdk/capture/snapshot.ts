/** One picture of the camera or the screen; the device is freed at once. */
import type { Pixels } from "../../../workers/engine/contract.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { VideoCapture } from "./camera.ts";
import { ScreenCapture } from "./screen.ts";

export type CaptureSource = "camera" | "screen";

/** Longest side in pixels: text on a screen is to stay readable. */
const SIDE = 1024;
/** A camera needs a moment to find the light. */
const LIGHT_MS = 400;

/**
 * Starts the camera or asks for a screen, takes one picture, and stops the tracks whatever happens.
 * @throws AlcoveError `unsupported` with what to do when it cannot be had or is not allowed; `cancelled`
 */
export async function snapshot(source: CaptureSource, signal: AbortSignal): Promise<Pixels> {
  if (source !== "camera" && source !== "screen") {
    throw new AlcoveError("bad-request", `There is no picture of "${String(source)}".`, {
      action: 'Use "camera" or "screen".',
    });
  }
  const capture = source === "camera" ? new VideoCapture({ facingMode: "environment" }) : new ScreenCapture();
  try {
    await beforeAbort(capture.start(), signal);
    if (source === "camera") await beforeAbort(wait(LIGHT_MS), signal);
    const frame = capture.captureFrame(SIDE);
    if (!frame) {
      throw new AlcoveError("unsupported", `The ${source} gives no picture.`, { action: "Try again." });
    }
    return { data: frame.rgbPixels, width: frame.width, height: frame.height };
  } finally {
    capture.stop();
  }
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
