/** Figures of an interpreter as pictures that every model and every page can take. */
import type { EncodedPicture } from "../../../workers/python/protocol.ts";
import { base64 } from "../pictures/encode.ts";

const MOST_SIDE = 1600;

/** The PNG of a drawing, or null for one that the browser cannot read. */
export async function asPicture(svg: string): Promise<EncodedPicture | null> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  try {
    await image.decode();
    const width = Math.min(image.naturalWidth, MOST_SIDE) || 1;
    const height = Math.min(image.naturalHeight, MOST_SIDE) || 1;
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
    return { media_type: "image/png", data: await base64(await canvas.convertToBlob({ type: "image/png" })) };
  } catch {
    return null;
  }
}
