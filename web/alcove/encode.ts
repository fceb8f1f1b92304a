/** Pictures of a chat message: encoded, and no larger than a model looks at. */
import type { EncodedPicture } from "../../workers/python/protocol.ts";
import type { ImageSource, Pixels } from "../../workers/shared/engine.ts";
import { AlcoveError } from "../../workers/shared/errors.ts";
import { type Picture, prepare } from "./picture.ts";

/** Longest side in pixels. */
const SIDE = 1024;
/** A PNG beyond this becomes a JPEG: the transcript keeps every picture. */
const LARGE_PNG_BYTES = 400_000;
const MOST_FILE_BYTES = 50e6;
const JPEG_QUALITY = 0.9;
const KEPT = /^data:(image\/(?:jpeg|png));base64,(.+)$/s;

/**
 * Encodes `picture` as a JPEG or PNG of at most 1024 pixels a side, upright and without what its file said
 * besides (place, camera, …).
 * @throws AlcoveError `bad-request` for what is no picture, or too large a file
 */
export async function encodePicture(picture: Picture): Promise<EncodedPicture> {
  const { part } = await prepare(picture, { size: SIDE, fit: "keep" });
  if (part.type === "text") throw new Error("A picture became a text.");
  const source = part.type === "image" ? part.image : blobOf(part.image_url.url);
  const bitmap = await bitmapOf(source);
  try {
    // What was encoded here before is not made worse by a second time.
    const kept = typeof picture === "string" ? KEPT.exec(picture) : null;
    if (kept && source instanceof Blob && source.size <= 2 * LARGE_PNG_BYTES && !bitmap.scaled) {
      return { media_type: kept[1] as string, data: kept[2] as string };
    }
    const photo = source instanceof Blob && source.type === "image/jpeg";
    return await encoded(bitmap.image, photo || picture instanceof HTMLVideoElement);
  } finally {
    bitmap.image.close();
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

function blobOf(url: string): Blob {
  const comma = url.indexOf(",");
  const head = url.slice(5, comma);
  try {
    if (!head.endsWith(";base64")) throw new Error("not base64");
    const bytes = Uint8Array.from(atob(url.slice(comma + 1)), (char) => char.charCodeAt(0));
    return new Blob([bytes], { type: head.replace(";base64", "") });
  } catch (thrown) {
    throw noPicture(thrown);
  }
}

async function bitmapOf(source: ImageSource): Promise<{ image: ImageBitmap; scaled: boolean }> {
  if (source instanceof Blob && source.size > MOST_FILE_BYTES) {
    throw new AlcoveError("bad-request", "This picture is too large: its file has over 50 MB.", {
      action: "Make it smaller, then try again.",
    });
  }
  const drawable = source instanceof Blob || source instanceof ImageBitmap ? source : imageData(source);
  try {
    const image = await createImageBitmap(drawable);
    const scale = SIDE / Math.max(image.width, image.height);
    if (scale >= 1) return { image, scaled: false };
    const resizeWidth = Math.max(1, Math.round(image.width * scale));
    const resizeHeight = Math.max(1, Math.round(image.height * scale));
    image.close();
    // From the file once more: decoding and scaling then happen beside the main thread.
    const smaller = await createImageBitmap(drawable, { resizeWidth, resizeHeight, resizeQuality: "high" });
    return { image: smaller, scaled: true };
  } catch (thrown) {
    throw noPicture(thrown);
  }
}

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

/** The picture as a PNG, or as a JPEG on white if it is a photograph or its PNG is large. */
async function encoded(image: ImageBitmap, photo: boolean): Promise<EncodedPicture> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext("2d");
  if (!context) throw new AlcoveError("out-of-memory", "There is no memory for this picture.");
  const draw = (background: boolean) => {
    context.fillStyle = "#fff";
    if (background) context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(image, 0, 0);
  };
  draw(photo);
  let blob = photo ? undefined : await canvas.convertToBlob({ type: "image/png" });
  if (!blob || blob.size > LARGE_PNG_BYTES) {
    draw(true);
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality: JPEG_QUALITY });
  }
  return { media_type: blob.type, data: await base64(blob) };
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
