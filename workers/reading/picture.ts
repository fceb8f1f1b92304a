/** A picture of the page's as the reader takes it: its pixels on white, no more of them than a tab can hold. */
import { bitmapOf } from "../engine/bitmap.ts";
import type { ImageSource } from "../engine/contract.ts";
import { AlcoveError } from "../wire/errors.ts";
import type { Reading } from "./protocol.ts";
import type { Raster } from "./raster.ts";

/** 160 MB: a picture of 8,000 × 5,000 as it is. */
const MOST_PIXELS = 40_000_000;
/** Rows that are drawn at once: a canvas for all would hold a large picture twice. */
const ROWS = 1024;

/**
 * @returns its pixels, and by how much they were made smaller. A bitmap that was sent is closed.
 * @throws AlcoveError `bad-request` for what is no picture, `out-of-memory`
 */
export async function rasterOf(picture: ImageSource): Promise<{ raster: Raster; scale: number }> {
  const bitmap = await bitmapOf(picture);
  try {
    const scale = Math.min(1, Math.sqrt(MOST_PIXELS / (bitmap.width * bitmap.height)));
    const width = Math.max(1, Math.round(bitmap.width * scale));
    const height = Math.max(1, Math.round(bitmap.height * scale));
    const data = new Uint8ClampedArray(4 * width * height);
    const canvas = new OffscreenCanvas(width, Math.min(ROWS, height));
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new RangeError("no canvas");
    context.imageSmoothingQuality = "high";
    for (let top = 0; top < height; top += ROWS) {
      const rows = Math.min(ROWS, height - top);
      context.fillStyle = "white";
      context.fillRect(0, 0, width, rows);
      context.drawImage(bitmap, 0, -top, width, height);
      data.set(context.getImageData(0, 0, width, rows).data, 4 * width * top);
    }
    return { raster: { data, width, height }, scale };
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new AlcoveError("out-of-memory", "There is not enough memory for this picture.", {
      action: "Make it smaller, or close other tabs.",
      detail: String(thrown),
    });
  } finally {
    bitmap.close();
  }
}

/** The same reading in pixels of the picture as it came. */
export function enlarged({ lines, width, height, ...rest }: Reading, by: number): Reading {
  const boxed = lines.map(({ box, ...line }) => ({
    ...line,
    box: { x: box.x * by, y: box.y * by, width: box.width * by, height: box.height * by },
  }));
  return { ...rest, lines: boxed, width: Math.round(width * by), height: Math.round(height * by) };
}
