/** What Python asks of the page's eyes (`py_app/bridge.py`): to look at a picture, and to take one. */
import type { CaptureRequest, EncodedPicture, SeeRequest } from "../../workers/python/protocol.ts";
import { AlcoveError } from "../../workers/wire/errors.ts";
import { snapshot } from "./capture/snapshot.ts";
import { base64, dataUrlOf, imageData } from "./pictures/encode.ts";
import type { DescribeOptions, Eye, Picture } from "./sessions/eye.ts";

/** The part of Alcove that looks. */
export interface Seeing {
  openVision(options?: { model?: string }): Promise<Eye>;
}

/** One eye a model: a new one for every look would each hold the model on its own. */
const eyes = new WeakMap<Seeing, Map<string, Eye>>();

/**
 * What a vision model (`model`, else the one in use, else the first) says of `picture`.
 * @throws AlcoveError whatever it fails with; `cancelled` after an abort
 */
export async function look(
  alcove: Seeing,
  picture: Picture,
  prompt: string,
  { model, ...options }: DescribeOptions & { model?: string | undefined } = {},
): Promise<{ text: string; model: string }> {
  const opened = await alcove.openVision(model ? { model } : {});
  const known = eyes.get(alcove) ?? new Map<string, Eye>();
  eyes.set(alcove, known);
  const eye = known.get(opened.model) ?? opened;
  known.set(eye.model, eye);
  const { text, finishReason } = await eye.describe(picture, prompt, options);
  if (finishReason === "cancelled") throw new AlcoveError("cancelled", "Stopped.");
  return { text: text.trim(), model: eye.model };
}

/** Answers `see`. */
export function see(
  alcove: Seeing,
  { image, prompt, model, max_tokens }: SeeRequest,
  signal: AbortSignal,
): Promise<{ text: string; model: string }> {
  const limit = max_tokens === undefined ? {} : { maxTokens: max_tokens };
  return look(alcove, dataUrlOf(image), prompt, { model, signal, ...limit });
}

/** Answers `capture` with a PNG. */
export async function capture({ source }: CaptureRequest, signal: AbortSignal): Promise<EncodedPicture> {
  const image = imageData(await snapshot(source, signal));
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return { media_type: "image/png", data: await base64(await canvas.convertToBlob({ type: "image/png" })) };
}
