/** Frames as JPEGs in base64. */
import { base64Of } from "../engine/base64.ts";
import type { Frame, FrameFormat } from "./protocol.ts";

/** `frame` as a JPEG in base64, no larger than wanted and in its own shape; the frame is closed. */
export async function jpegBase64(frame: Frame, { width, height, quality }: FrameFormat): Promise<string> {
  const canvas = new OffscreenCanvas(1, 1);
  try {
    const [from, to] =
      "displayWidth" in frame ? [frame.displayWidth, frame.displayHeight] : [frame.width, frame.height];
    const scale = Math.min(1, width / from, height / to);
    canvas.width = Math.max(1, Math.round(from * scale));
    canvas.height = Math.max(1, Math.round(to * scale));
    const context = canvas.getContext("2d", { alpha: false });
    context?.drawImage(frame, 0, 0, canvas.width, canvas.height);
  } finally {
    frame.close();
  }
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: quality / 100 });
  return base64Of(new Uint8Array(await blob.arrayBuffer()));
}
