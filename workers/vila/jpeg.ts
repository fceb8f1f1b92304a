/** Frames as JPEGs in base64. */
import type { Frame, FrameFormat } from "./protocol.ts";

/** Characters that `String.fromCharCode` takes at once everywhere. */
const CHUNK = 0x8000;

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
  return base64(new Uint8Array(await blob.arrayBuffer()));
}

function base64(bytes: Uint8Array & { toBase64?: () => string }): string {
  if (bytes.toBase64) return bytes.toBase64();
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}
