/** A picture in any form → a bitmap, upright. */
import type { AlcoveError } from "../wire/errors.ts";
import type { ImageSource, Pixels } from "./contract.ts";
import { bad } from "./request.ts";

/** Browsers hold no larger picture in memory; none of them says so kindly. */
const MOST_PIXELS = 1 << 28;

/**
 * One that was sent as a bitmap is that bitmap.
 * @throws AlcoveError `bad-request` for what is no picture
 */
export async function bitmapOf(image: ImageSource): Promise<ImageBitmap> {
  if (image instanceof ImageBitmap) {
    if (image.width > 0) return image;
    throw bad("The picture was closed before it was read.", "Send a bitmap that is not used elsewhere.");
  }
  if (!(image instanceof Blob)) {
    return createImageBitmap(new ImageData(rgba(image), image.width, image.height));
  }
  if (image.size === 0) throw bad("The picture is empty.", "Choose another file.");
  try {
    // Upright, as its EXIF says, and the first frame where it moves: that is how browsers read a Blob.
    return await createImageBitmap(image);
  } catch (thrown) {
    throw await unreadable(image, thrown);
  }
}

/**
 * RGB or RGBA, as {@link Pixels} promises, as RGBA.
 * @throws AlcoveError `bad-request` when its numbers do not agree
 */
export function rgba({ data, width, height }: Pixels): Uint8ClampedArray<ArrayBuffer> {
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 1) {
      throw bad(
        `The picture is ${String(width)} × ${String(height)} pixels.`,
        "Wait until the camera or the picture has a size, then send it again.",
      );
    }
  }
  const count = width * height;
  if (count > MOST_PIXELS) throw tooLarge(width, height);
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    throw bad("The pixels are not bytes.", "Send a Uint8Array or a Uint8ClampedArray.");
  }
  if (data.length === 4 * count) return new Uint8ClampedArray(data);
  if (data.length !== 3 * count) {
    throw bad(
      `${data.length} bytes are no picture of ${width} × ${height} pixels.`,
      `Send 3 bytes (RGB) or 4 bytes (RGBA) for each pixel: ${3 * count} or ${4 * count}.`,
    );
  }
  const out = new Uint8ClampedArray(4 * count);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out[to] = data[from] as number;
    out[to + 1] = data[from + 1] as number;
    out[to + 2] = data[from + 2] as number;
    out[to + 3] = 255;
  }
  return out;
}

const tooLarge = (width: number, height: number): AlcoveError =>
  bad(`A picture of ${width} × ${height} pixels is too large.`, "Make it smaller and send it again.");

async function unreadable(image: Blob, thrown: unknown): Promise<AlcoveError> {
  const head = new TextDecoder("latin1").decode(await image.slice(0, 512).arrayBuffer());
  if (image.type.startsWith("image/svg") || /<svg[\s>]/i.test(head)) {
    return bad("An SVG is a drawing, not a picture of pixels.", "Save it as PNG and send that.");
  }
  const error = bad(
    "This file is damaged, or no picture that the browser can read.",
    "Send a whole PNG, JPEG or WebP file.",
  );
  console.debug("picture", thrown);
  return error;
}
