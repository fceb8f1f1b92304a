/**
 * A picture in any form → the bytes that mtmd takes: upright, on white, no larger than the model wants, as a BMP
 * file (mtmd decodes it in no time, and writing one costs less than a PNG).
 */
import { bitmapOf } from "../engine/bitmap.ts";
import type { ImageSource, Vision } from "../engine/contract.ts";

const BMP_HEAD = 54;

/** A picture as wllama takes it. */
export interface Encoded {
  data: ArrayBuffer;
  /** Width and height, e.g. "256x192". */
  size: string;
}

interface Placed {
  /** Of the picture: the part that is taken. */
  from: { x: number; y: number; width: number; height: number };
  /** Of the result: where it goes. */
  to: { x: number; y: number; width: number; height: number };
  width: number;
  height: number;
}

/** Where a picture of `width` × `height` goes; nothing is enlarged. */
export function place(width: number, height: number, { size, fit }: Vision): Placed {
  if (fit === "crop") {
    const side = Math.min(width, height);
    const target = Math.min(side, size);
    const from = { x: (width - side) >> 1, y: (height - side) >> 1, width: side, height: side };
    return { from, to: { x: 0, y: 0, width: target, height: target }, width: target, height: target };
  }
  const from = { x: 0, y: 0, width, height };
  const scale = Math.min(1, size / Math.max(width, height));
  const w = Math.max(1, Math.round(width * scale));
  const h = Math.max(1, Math.round(height * scale));
  if (fit === "keep") return { from, to: { x: 0, y: 0, width: w, height: h }, width: w, height: h };
  const side = Math.max(w, h);
  return {
    from,
    to: { x: (side - w) >> 1, y: (side - h) >> 1, width: w, height: h },
    width: side,
    height: side,
  };
}

/** RGBA pixels as a BMP file of 24 bits a pixel, rows from the top. */
export function bmp(rgba: Uint8ClampedArray, width: number, height: number): ArrayBuffer {
  const row = (width * 3 + 3) & ~3;
  const file = new Uint8Array(BMP_HEAD + row * height);
  const head = new DataView(file.buffer);
  head.setUint16(0, 0x424d);
  head.setUint32(2, file.length, true);
  head.setUint32(10, BMP_HEAD, true);
  head.setUint32(14, 40, true);
  head.setInt32(18, width, true);
  head.setInt32(22, -height, true);
  head.setUint16(26, 1, true);
  head.setUint16(28, 24, true);
  for (let y = 0, from = 0; y < height; y++) {
    for (let to = BMP_HEAD + y * row, end = to + 3 * width; to < end; to += 3, from += 4) {
      file[to] = rgba[from + 2] as number;
      file[to + 1] = rgba[from + 1] as number;
      file[to + 2] = rgba[from] as number;
    }
  }
  return file.buffer;
}

/** Reads pictures one after the other; its canvas is used again, or every frame of a camera would leave one behind. */
export class PictureReader {
  #canvas: OffscreenCanvas | undefined;

  /**
   * The picture as a BMP file. A bitmap that was sent is closed.
   * @throws AlcoveError `bad-request` for what is no picture
   */
  async read(image: ImageSource, vision: Vision): Promise<Encoded> {
    const bitmap = await bitmapOf(image);
    try {
      const { width, height, from, to } = place(bitmap.width, bitmap.height, vision);
      const context = this.#sized(width, height);
      context.fillStyle = "white";
      context.fillRect(0, 0, width, height);
      context.imageSmoothingQuality = "high";
      context.drawImage(bitmap, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
      const { data } = context.getImageData(0, 0, width, height);
      return { data: bmp(data, width, height), size: `${width}x${height}` };
    } finally {
      bitmap.close();
    }
  }

  #sized(width: number, height: number): OffscreenCanvasRenderingContext2D {
    this.#canvas ??= new OffscreenCanvas(width, height);
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return this.#canvas.getContext("2d", { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  }
}
