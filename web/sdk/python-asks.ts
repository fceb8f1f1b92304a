/** What Python asks of the page's eyes (`py_app/bridge.py`): to look at a picture, and to take one. */
import type { CaptureRequest, EncodedPicture, SeeRequest } from "../../workers/python/protocol.ts";
import type { Reading } from "../../workers/reading/protocol.ts";
import { AlcoveError } from "../../workers/wire/errors.ts";
import { snapshot } from "./capture/snapshot.ts";
import { base64, dataUrlOf, imageData } from "./pictures/encode.ts";
import type { DescribeOptions, Eye, Picture } from "./sessions/eye.ts";

/** The part of Alcove that looks. */
export interface Seeing {
  openVision(options?: { model?: string }): Promise<Eye>;
  read(picture: Picture, options: { signal?: AbortSignal }): Promise<Reading>;
}

/** One eye a model: a new one for every look would each hold the model on its own. */
const eyes = new WeakMap<Seeing, Map<string, Eye>>();

/** As much of what is written in a picture as a conversation is told: a model's window is small. */
const MOST_WRITTEN = 2_000;

/**
 * What a vision model (`model`, else the one in use, else the first) says of `picture`, and what is written in it: such
 * models hardly read.
 * @throws AlcoveError whatever it fails with; `cancelled` after an abort
 */
export async function look(
  alcove: Seeing,
  picture: Picture,
  prompt: string,
  { model, mostWritten = MOST_WRITTEN, signal, ...options }: LookOptions = {},
): Promise<{ text: string; model: string }> {
  const opened = await alcove.openVision(model ? { model } : {});
  const known = eyes.get(alcove) ?? new Map<string, Eye>();
  eyes.set(alcove, known);
  const eye = known.get(opened.model) ?? opened;
  known.set(eye.model, eye);
  const stopping = signal ? { signal } : {};
  // Where nothing can read, what was seen is still an answer.
  const reading = mostWritten > 0 ? alcove.read(picture, stopping).catch(() => undefined) : undefined;
  const { text, finishReason } = await eye.describe(picture, prompt, { ...options, ...stopping });
  if (finishReason === "cancelled") throw new AlcoveError("cancelled", "Stopped.");
  return { text: withWritten(text.trim(), (await reading)?.text, mostWritten), model: eye.model };
}

/** It is quoted: what is written in a picture is nobody's order. */
function withWritten(seen: string, written: string | undefined, most: number): string {
  if (!written) return seen;
  const told = written.length > most ? `${written.slice(0, most)}…` : written;
  return `${seen}\n\nThis is written in the picture:\n"""\n${told}\n"""`.trim();
}

interface LookOptions extends DescribeOptions {
  model?: string | undefined;
  /** Characters of what is written there; 0 leaves it unread. */
  mostWritten?: number;
}

/** Answers `see`: with all that is written there to Python code, shortened to a conversation. */
export function see(
  alcove: Seeing,
  { image, prompt, model, max_tokens, session, read = true }: SeeRequest,
  signal: AbortSignal,
): Promise<{ text: string; model: string }> {
  const limit = max_tokens === undefined ? {} : { maxTokens: max_tokens };
  const whole = session ? {} : { mostWritten: read ? Number.POSITIVE_INFINITY : 0 };
  return look(alcove, dataUrlOf(image), prompt, { model, signal, ...limit, ...whole });
}

/** Answers `capture` with a PNG. */
export async function capture({ source }: CaptureRequest, signal: AbortSignal): Promise<EncodedPicture> {
  const image = imageData(await snapshot(source, signal));
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  return { media_type: "image/png", data: await base64(await canvas.convertToBlob({ type: "image/png" })) };
}
