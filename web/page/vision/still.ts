/** Pictures that stand still: a file, a page of a document, a frozen frame. */
import { AlcoveError, type CapturedFrame, type Picture } from "../../sdk/index.ts";
import { size } from "../kit/format.ts";
import { w } from "./words.ts";

export interface Still {
  /** At most {@link MAX_SIDE} pixels long: models want far less, and a phone has little memory. */
  canvas: HTMLCanvasElement;
  /** The same with all its pixels, for who reads small print. */
  whole: Picture;
  /** What it is, for the page and for screen readers. */
  name: string;
}

export const MAX_SIDE = 1280;
const MAX_BYTES = 60_000_000;
const THUMBNAIL = 160;

/** How much `width` × `height` has to shrink for no side to be longer than `most`. */
const scaleTo = (most: number, width: number, height: number): number =>
  Math.min(1, most / Math.max(width, height));

/** A white canvas: what is transparent in a picture is paper. */
export function newCanvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width));
  canvas.height = Math.max(1, Math.round(height));
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) throw new AlcoveError("out-of-memory", w.noRoom);
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  return [canvas, context];
}

function drawn(source: CanvasImageSource, width: number, height: number, most: number): HTMLCanvasElement {
  const scale = scaleTo(most, width, height);
  const [canvas, context] = newCanvas(width * scale, height * scale);
  context.imageSmoothingQuality = "high";
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @throws AlcoveError `bad-request` for a file that is too large to be opened in a tab */
export function checkSize(file: File): void {
  if (file.size <= MAX_BYTES) return;
  throw new AlcoveError("bad-request", w.tooLarge({ name: file.name, size: size(file.size) }), {
    action: w.tooLargeAction({ size: size(MAX_BYTES) }),
  });
}

/** @throws AlcoveError `bad-request` for what is no picture, or is too large */
export async function fromFile(file: File): Promise<Still> {
  checkSize(file);
  const name = file.name || w.picture;
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch (thrown) {
    throw new AlcoveError("bad-request", w.noPicture({ name }), {
      action: w.noPictureAction,
      detail: String(thrown),
    });
  }
  try {
    return { canvas: drawn(bitmap, bitmap.width, bitmap.height, MAX_SIDE), whole: file, name };
  } finally {
    bitmap.close();
  }
}

/** The frame that a video shows now; null while it shows none. */
export function fromVideo(video: HTMLVideoElement, name: string): Still | null {
  const { videoWidth, videoHeight } = video;
  if (!videoWidth || !videoHeight) return null;
  const whole = drawn(video, videoWidth, videoHeight, Number.POSITIVE_INFINITY);
  return { canvas: drawn(whole, videoWidth, videoHeight, MAX_SIDE), whole, name };
}

/** A small copy as a data URL. */
export function thumbnail(source: HTMLCanvasElement): string {
  return drawn(source, source.width, source.height, THUMBNAIL).toDataURL("image/jpeg", 0.8);
}

/** The same of a frame that a capture gave; only the pixels that are shown are touched. */
export function frameThumbnail({ rgbPixels, width, height }: CapturedFrame): string {
  const scale = scaleTo(THUMBNAIL, width, height);
  const [canvas, context] = newCanvas(width * scale, height * scale);
  const image = context.createImageData(canvas.width, canvas.height);
  const { data } = image;
  for (let y = 0, to = 0; y < canvas.height; y += 1) {
    const row = Math.floor(((y + 0.5) * height) / canvas.height) * width;
    for (let x = 0; x < canvas.width; x += 1, to += 4) {
      const from = 3 * (row + Math.floor(((x + 0.5) * width) / canvas.width));
      data[to] = rgbPixels[from] as number;
      data[to + 1] = rgbPixels[from + 1] as number;
      data[to + 2] = rgbPixels[from + 2] as number;
      data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
  return canvas.toDataURL("image/jpeg", 0.8);
}
