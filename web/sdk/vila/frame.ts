/** What is shown at this moment, in a form that moves to a worker. */
import type { Frame } from "../../../workers/vila/protocol.ts";

/** What `source` shows now; null while that is nothing. */
export async function frameOf(source: HTMLVideoElement | HTMLCanvasElement): Promise<Frame | null> {
  const video = source instanceof HTMLVideoElement;
  if (video && source.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  try {
    // Costs the page's thread nothing, where there is such a thing.
    if (typeof VideoFrame === "function")
      return new VideoFrame(source, { timestamp: performance.now() * 1000 });
    return await createImageBitmap(source);
  } catch {
    return null;
  }
}
