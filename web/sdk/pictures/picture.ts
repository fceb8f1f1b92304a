/** What a page may call a picture, made into what can cross to the engine's worker. */
import type { ContentPart, ImageSource, Pixels, Vision } from "../../../workers/engine/contract.ts";
import { blobOfDataUrl } from "../../../workers/engine/data-url.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";

/** A picture in any form that a page has. A string is a data URL, or an image file in base64. */
export type Picture =
  | ImageSource
  | HTMLVideoElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | string;

/** Scaling a picture of more pixels than this down would hold the page up; the worker takes its file. */
const MOST_PIXELS = 2_000_000;

type Drawn = Exclude<Picture, Blob | Pixels | string>;

/** A picture that nobody else can change any more. */
export interface Prepared {
  part: ContentPart;
  /** What moves to the worker instead of being copied: it is ours alone. */
  transfer: Transferable[];
  /** Frees what never crossed. */
  discard(): void;
}

const bad = (message: string, action: string, detail?: unknown): AlcoveError =>
  new AlcoveError("bad-request", message, { action, ...(detail ? { detail: String(detail) } : {}) });

/**
 * Takes the picture as it is now. What only the page can read is scaled to what `vision` wants; files and pixels
 * are left to the worker.
 * @throws AlcoveError `bad-request` for what is no picture
 */
export async function prepare(picture: Picture, vision: Vision): Promise<Prepared> {
  if (typeof picture === "string") return whole({ type: "image_url", image_url: { url: dataUrl(picture) } });
  if (picture instanceof Blob) return whole({ type: "image", image: picture });
  if (isPixels(picture)) return copyOf(picture);
  if (isDrawn(picture)) {
    const file = picture instanceof HTMLImageElement ? await largeFile(picture) : undefined;
    if (file) return whole({ type: "image", image: file });
    const image = await bitmapOf(picture, vision);
    return { part: { type: "image", image }, transfer: [image], discard: () => image.close() };
  }
  throw bad(
    "This is not a picture.",
    "Give a file, an image, a canvas, a video, pixels with width and height, or a data URL.",
  );
}

/**
 * The picture itself of a part that {@link prepare} made.
 * @throws AlcoveError `bad-request` for a data URL that cannot be read
 */
export function imageOf(part: ContentPart): ImageSource {
  if (part.type === "text") throw new Error("A picture became a text.");
  return part.type === "image" ? part.image : blobOfDataUrl(part.image_url.url);
}

const whole = (part: ContentPart): Prepared => ({ part, transfer: [], discard: () => undefined });

const isPixels = (picture: object | null): picture is Pixels =>
  picture !== null && typeof picture === "object" && "data" in picture && "width" in picture;

const isDrawn = (picture: unknown): picture is Drawn =>
  picture instanceof ImageBitmap ||
  picture instanceof HTMLVideoElement ||
  picture instanceof HTMLCanvasElement ||
  picture instanceof OffscreenCanvas ||
  picture instanceof HTMLImageElement;

/** Whether it really is an image is the worker's to say: it reads it anyway. */
function dataUrl(text: string): string {
  const bare = /^[A-Za-z0-9+/_\s-]+={0,2}\s*$/.test(text);
  if (!bare) return text;
  return `data:application/octet-stream;base64,${text.replaceAll("-", "+").replaceAll("_", "/")}`;
}

/** A copy: the caller may draw the next frame into the same memory while this one waits. */
function copyOf(pixels: Pixels): Prepared {
  const { data, width, height } = pixels;
  // What is no array of bytes is refused by the worker, as what does not fit its size.
  if (!(data instanceof Uint8Array || data instanceof Uint8ClampedArray)) {
    return whole({ type: "image", image: pixels });
  }
  const copy = data.slice();
  return {
    ...whole({ type: "image", image: { data: copy, width, height } }),
    transfer: [copy.buffer as ArrayBuffer],
  };
}

/** The file behind a large image that is shown, where the page may have it; drawn pictures have none. */
async function largeFile({
  currentSrc,
  naturalWidth,
  naturalHeight,
}: HTMLImageElement): Promise<Blob | undefined> {
  if (naturalWidth * naturalHeight <= MOST_PIXELS) return undefined;
  try {
    const response = await fetch(currentSrc, { cache: "force-cache" });
    const file = response.ok ? await response.blob() : undefined;
    return file?.type.startsWith("image/svg") ? undefined : file;
  } catch {
    return undefined;
  }
}

function sizeOf(picture: Drawn): [width: number, height: number] {
  if (picture instanceof HTMLVideoElement) return [picture.videoWidth, picture.videoHeight];
  if (picture instanceof HTMLImageElement) return [picture.naturalWidth, picture.naturalHeight];
  return [picture.width, picture.height];
}

async function bitmapOf(picture: Drawn, { size, fit }: Vision): Promise<ImageBitmap> {
  let image: ImageBitmap;
  try {
    // Decoding happens beside the main thread here, and on it without this.
    if (picture instanceof HTMLImageElement) await picture.decode();
    const [width, height] = sizeOf(picture);
    // What is cut at its sides is as large as its shorter side.
    const side = fit === "crop" ? Math.min(width, height) : Math.max(width, height);
    const scale = size / side;
    image = await createImageBitmap(
      picture,
      scale < 1
        ? {
            resizeWidth: Math.max(1, Math.round(width * scale)),
            resizeHeight: Math.max(1, Math.round(height * scale)),
            resizeQuality: "medium",
          }
        : {},
    );
  } catch (thrown) {
    throw bad("There is no picture in this element yet.", "Wait until it has a size.", thrown);
  }
  if (!isReadable(image)) {
    image.close();
    throw bad(
      "This picture is from another site that does not let it be read.",
      'Load it with crossorigin="anonymous", or give it as a file.',
    );
  }
  return image;
}

/** Whether the browser lets a page read the pixels: a picture of another site may be shown only. */
function isReadable(image: ImageBitmap): boolean {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (!context) return true;
  context.drawImage(image, 0, 0, 1, 1);
  try {
    context.getImageData(0, 0, 1, 1);
    return true;
  } catch {
    return false;
  }
}
