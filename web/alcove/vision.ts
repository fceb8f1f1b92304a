/** Eyes: a vision model in a worker of its own, so that it and a conversation's model can both be loaded. */
import type {
  ChatMessage,
  Chunk,
  ContentPart,
  FinishReason,
  ImageSource,
  LlamaCppModel,
  LoadedModel,
  Pixels,
} from "../../workers/shared/engine.ts";
import { AlcoveError } from "../../workers/shared/errors.ts";
import type { Engines } from "./engines.ts";

/** A picture in any form that a page has. A string is a data URL. */
export type Picture =
  | ImageSource
  | HTMLVideoElement
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | string;

export interface DescribeOptions {
  /** Default 256. */
  maxTokens?: number;
  /** Default 0: the same picture gives the same words. */
  temperature?: number;
  topP?: number;
  systemPrompt?: string;
  signal?: AbortSignal;
  /** Hears each piece of the answer as it comes. */
  onText?: (piece: string) => void;
}

export interface VisionResult {
  text: string;
  promptTokens: number;
  /** Those of the prompt tokens that are the picture's. */
  imageTokens: number;
  completionTokens: number;
  totalTokens: number;
  timeToFirstTokenMs: number;
  imageEncodeTimeMs: number;
  totalTimeMs: number;
  tokensPerSecond: number;
  hardwareUsed: string;
  finishReason: FinishReason;
}

/** A vision model, loaded. The page has one at a time; opening another one takes its place. */
export class Eye {
  readonly model: string;
  readonly #spec: LlamaCppModel;
  readonly #engines: Engines;

  constructor(spec: LlamaCppModel, engines: Engines) {
    this.model = spec.id;
    this.#spec = spec;
    this.#engines = engines;
  }

  /** Resolves when the model is loaded; loads it again when it was given up meanwhile. */
  ready(signal?: AbortSignal): Promise<LoadedModel> {
    return this.#engines.eyes.ensure(this.#spec, signal);
  }

  /**
   * Looks at `picture` and answers `prompt`. Requests wait for each other; an abort ends with finishReason
   * "cancelled" and what was said so far.
   * @throws AlcoveError bad-request for what is no picture, engine-crashed (the next call has a new engine), …
   */
  async describe(
    picture: Picture,
    prompt: string,
    { maxTokens = 256, temperature = 0, topP, systemPrompt, signal, onText }: DescribeOptions = {},
  ): Promise<VisionResult> {
    const began = performance.now();
    const image = await part(picture);
    const loaded = await this.ready(signal);
    const messages: ChatMessage[] = [
      ...(systemPrompt ? [{ role: "system" as const, content: systemPrompt }] : []),
      { role: "user", content: [image, { type: "text", text: prompt }] },
    ];
    const request = {
      model: this.model,
      messages,
      max_tokens: maxTokens,
      temperature,
      ...(topP === undefined ? {} : { top_p: topP }),
    };
    let text = "";
    let last: Chunk | undefined;
    for await (const chunk of this.#engines.eyes.client.complete(request, signal ? { signal } : {})) {
      const piece = chunk.choices[0].delta.content ?? "";
      text += piece;
      if (piece) onText?.(piece);
      last = chunk;
    }
    const usage = last?.usage;
    if (!usage) throw new AlcoveError("engine-crashed", "The vision model gave no answer.");
    return {
      text,
      promptTokens: usage.prompt_tokens,
      imageTokens: usage.image_tokens ?? 0,
      completionTokens: usage.completion_tokens,
      totalTokens: usage.total_tokens,
      timeToFirstTokenMs: usage.ttft_ms,
      imageEncodeTimeMs: usage.image_encode_ms ?? 0,
      totalTimeMs: performance.now() - began,
      tokensPerSecond: usage.decode_tokens_per_second,
      hardwareUsed: loaded.device,
      finishReason: last?.choices[0].finish_reason ?? "stop",
    };
  }

  /** Frees the model. */
  close(): void {
    this.#engines.eyes.release();
  }
}

const isPixels = (picture: Picture): picture is Pixels => typeof picture === "object" && "data" in picture;

/** What the page alone can read is turned into a bitmap; the rest crosses to the worker as it is. */
async function part(picture: Picture): Promise<ContentPart> {
  if (typeof picture === "string") return { type: "image_url", image_url: { url: picture } };
  if (picture instanceof Blob || picture instanceof ImageBitmap || isPixels(picture)) {
    return { type: "image", image: picture };
  }
  try {
    return { type: "image", image: await createImageBitmap(picture) };
  } catch (thrown) {
    throw new AlcoveError("bad-request", "There is no picture in this element yet.", {
      action: "Wait until it has a size.",
      detail: String(thrown),
    });
  }
}
