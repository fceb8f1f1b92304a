/** Pictures of a chat message: encoded, and no larger than a model looks at. */

import type { Pixels } from "../../../workers/engine/contract.ts";
import type { EncodedPicture } from "../../../workers/python/protocol.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { imageOf, type Picture, prepare } from "./picture.ts";
import { shrink } from "./shrink.ts";

/** Longest side in pixels. */
const SIDE = 1024;
/** A PNG beyond this becomes a JPEG: the transcript keeps every picture. */
const LARGE_PNG_BYTES = 400_000;
const MOST_FILE_BYTES = 50e6;
const JPEG_QUALITY = 0.9;

/**
 * Encodes `picture` as a JPEG or PNG of at most 1024 pixels a side, upright and without what its file said
 * besides (place, camera, …).
 * @throws AlcoveError `bad-request` for what is no picture, or too large a file
 */
export async function encodePicture(picture: Picture): Promise<EncodedPicture> {
  const { part, discard } = await prepare(picture, { size: SIDE, fit: "keep" });
  try {
    const image = imageOf(part);
    if (image instanceof Blob && image.size > MOST_FILE_BYTES) {
      throw new AlcoveError("bad-request", "This picture is too large: its file has over 50 MB.", {
        action: "Make it smaller, then try again.",
      });
    }
    const source = image instanceof Blob || image instanceof ImageBitmap ? image : imageData(image);
    const photo =
      picture instanceof HTMLVideoElement || (image instanceof Blob && image.type === "image/jpeg");
    const request = { source, side: SIDE, photo, most: LARGE_PNG_BYTES, quality: JPEG_QUALITY };
    const blob = await shrink(request).catch((thrown) => {
      throw noPicture(thrown);
    });
    return { media_type: blob.type, data: await base64(blob) };
  } finally {
    discard();
  }
}

/** `picture` as a data URL. */
export const dataUrlOf = ({ media_type, data }: EncodedPicture): string =>
  `data:${media_type};base64,${data}`;

const noPicture = (detail: unknown): AlcoveError =>
  new AlcoveError("bad-request", "This is not a picture that the browser can read.", {
    action: "Use a PNG, JPEG, WebP or GIF picture.",
    detail: String(detail),
  });

/** RGB or RGBA pixels as a canvas takes them. */
export function imageData({ data, width, height }: Pixels): ImageData {
  const image = new ImageData(width, height);
  if (data.length === image.data.length) image.data.set(data);
  else {
    image.data.fill(255);
    for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
      image.data.set(data.subarray(from, from + 3), to);
    }
  }
  return image;
}

/** The bytes of `blob` in base64. */
export function base64(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ""));
    reader.onerror = () => reject(noPicture(reader.error));
    reader.readAsDataURL(blob);
  });
}
