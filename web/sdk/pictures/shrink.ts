/** Decodes, scales and encodes a picture beside the main thread: a large photograph would stall the page. */
import { scriptUrl } from "../../../workers/wire/trusted.ts";

interface ShrinkRequest {
  source: Blob | ImageBitmap | ImageData;
  /** Longest side in pixels. */
  side: number;
  /** A photograph becomes a JPEG; anything else a PNG, unless that has more bytes than `most`. */
  photo: boolean;
  most: number;
  quality: number;
}

const TIMEOUT_MS = 60_000;

/** @throws Error what the browser cannot read, or not in time */
export function shrink(request: ShrinkRequest): Promise<Blob> {
  const url = URL.createObjectURL(new Blob([`const work=${work};(${listen})(work)`]));
  let worker: Worker | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  return new Promise<Blob>((resolve, reject) => {
    timer = setTimeout(() => reject(new Error("not read in time")), TIMEOUT_MS);
    // A page of somebody else's may allow no workers of this kind: then it is done here.
    const here = () => work(request).then(resolve, reject);
    try {
      worker = new Worker(scriptUrl(url));
    } catch {
      void here();
      return;
    }
    worker.onerror = () => void here();
    worker.onmessage = ({ data }: MessageEvent<Blob | { problem: string }>) =>
      "problem" in data ? reject(new Error(data.problem)) : resolve(data);
    worker.postMessage(request);
  }).finally(() => {
    clearTimeout(timer);
    worker?.terminate();
    URL.revokeObjectURL(url);
  });
}

/** Runs in the worker. Nothing outside of it may be named in it. */
function listen(run: typeof work): void {
  addEventListener("message", ({ data }: MessageEvent<ShrinkRequest>) => {
    run(data).then(postMessage, (thrown) => postMessage({ problem: String(thrown) }));
  });
}

/** Runs in the worker, or on the page. Nothing outside of it may be named in it. */
async function work({ source, side, photo, most, quality }: ShrinkRequest): Promise<Blob> {
  const image = await createImageBitmap(source);
  const scale = Math.min(1, side / Math.max(image.width, image.height));
  const width = Math.max(1, Math.round(image.width * scale));
  const height = Math.max(1, Math.round(image.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  let blob = photo ? undefined : await canvas.convertToBlob({ type: "image/png" });
  if (!blob || blob.size > most) {
    // A JPEG knows no transparency: white is what most pages have behind a picture.
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#fff";
    context.fillRect(0, 0, width, height);
    blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  }
  image.close();
  return blob;
}
