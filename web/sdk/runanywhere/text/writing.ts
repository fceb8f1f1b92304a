/** Text of the loaded model: loaded itself when somebody first asks for some. */
import type { ChatMessage } from "../../../../workers/engine/contract.ts";
import type { CompletionRequest } from "../../completion/completions.ts";
import type { Completion } from "../../completion/gather.ts";
import { SDKError, SDKErrorCode, sdkError } from "../errors.ts";
import { emit } from "../events.ts";
import { home, requireInitialized } from "../home.ts";
import { alcoveId } from "../managed.ts";
import type { LLMGenerationOptions, LLMGenerationResult } from "./generation.ts";
import { parted } from "./thinking.ts";
import { stopped, type Writer, writer } from "./writer.ts";

/**
 * A completion of the loaded model, for what else is built on it.
 * @throws SDKError `NotInitialized`, `ModelNotLoaded`, and what the completion fails with
 */
export async function ask(
  messages: ChatMessage[],
  { maxTokens = 512, temperature = 0.7, topP, topK, stopSequences, systemPrompt }: LLMGenerationOptions,
  rest: Partial<CompletionRequest> = {},
  { push = () => undefined, signal = stopped() }: Reading = {},
): Promise<{ completion: Completion; model: Writer }> {
  requireInitialized();
  const model = writer();
  if (!model) {
    throw new SDKError(SDKErrorCode.ModelNotLoaded, "No language model is loaded.", undefined, {
      action: "Call TextGeneration.loadModel() first.",
    });
  }
  const system: ChatMessage[] = systemPrompt ? [{ role: "system", content: systemPrompt }] : [];
  const request: CompletionRequest = {
    model: alcoveId(model.id),
    messages: [...system, ...messages],
    max_tokens: maxTokens,
    temperature,
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
    ...(stopSequences?.length ? { stop: stopSequences } : {}),
    ...rest,
  };
  try {
    const completion = await (await home()).complete(request, {
      signal,
      onChunk: ({ choices: [{ delta }], tokens = 1 }) => {
        if (delta.content) push(delta.content, tokens);
      },
    });
    return { completion, model };
  } catch (thrown) {
    throw sdkError(thrown);
  }
}

type Push = (piece: string, tokens: number) => void;

/** Who hears the text as it comes, and who ends it. */
interface Reading {
  push?: Push;
  signal?: AbortSignal;
}

/** What `generate` does, with more of a request. @throws SDKError as that */
export async function writeText(
  prompt: string,
  options: LLMGenerationOptions,
  rest: Partial<CompletionRequest>,
  { push = () => undefined, signal = stopped() }: Reading = {},
): Promise<LLMGenerationResult> {
  if (typeof prompt !== "string" || prompt === "") {
    throw new SDKError(SDKErrorCode.InvalidPrompt, "The prompt is no text, or an empty one.");
  }
  const began = performance.now();
  emit("generation.started", { prompt });
  let first: number | undefined;
  const pieces: { text: string; tokens: number }[] = [];
  const take: Push = (text, tokens) => {
    first ??= performance.now() - began;
    pieces.push({ text, tokens });
    push(text, tokens);
  };
  try {
    const question: ChatMessage = { role: "user", content: prompt };
    const { completion, model } = await ask([question], options, rest, { push: take, signal });
    const { usage } = completion;
    const { text, thinkingContent, thinkingTokens } = parted(pieces);
    const spoken = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
    const tokensUsed = usage?.completion_tokens ?? spoken;
    const result: LLMGenerationResult = {
      text,
      ...(thinkingContent === undefined ? {} : { thinkingContent }),
      inputTokens: usage?.prompt_tokens ?? 0,
      tokensUsed,
      modelUsed: model.id,
      latencyMs: performance.now() - began,
      framework: model.framework,
      hardwareUsed: model.hardware,
      tokensPerSecond: usage?.decode_tokens_per_second ?? 0,
      ...(first === undefined ? {} : { timeToFirstTokenMs: first }),
      thinkingTokens,
      responseTokens: Math.max(0, tokensUsed - thinkingTokens),
    };
    emit("generation.completed", { tokensUsed, latencyMs: result.latencyMs });
    return result;
  } catch (thrown) {
    const error = sdkError(thrown);
    emit("generation.failed", { error: error.message });
    throw error;
  }
}
