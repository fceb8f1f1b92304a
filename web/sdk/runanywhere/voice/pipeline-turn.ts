/** A turn of `VoicePipeline`. */
import type { Chunk } from "../../../../workers/engine/contract.ts";
import { joined } from "../../../../workers/sound/joined.ts";
import { AlcoveError } from "../../../../workers/wire/errors.ts";
import { streamOf } from "../../../../workers/wire/stream.ts";
import { home } from "../home.ts";
import {
  type LLMResult,
  PipelineState,
  type TTSResult,
  type VoicePipelineCallbacks,
  type VoicePipelineOptions,
  type VoicePipelineTurnResult,
} from "./types.ts";

type TurnCallbacks = VoicePipelineCallbacks & { enter: (state: PipelineState) => void };

/** See `VoicePipeline.processTurn`. */
export async function turn(
  samples: Float32Array,
  options: VoicePipelineOptions,
  callbacks: TurnCallbacks,
  signal: AbortSignal,
): Promise<VoicePipelineTurnResult> {
  const alcove = await home();
  const began = performance.now();
  callbacks.enter(PipelineState.ProcessingSTT);
  const heard = await alcove.transcribe({ samples, sampleRate: options.sampleRate ?? 16_000 }, { signal });
  if (!heard.text.trim()) {
    throw new AlcoveError("bad-request", "Nothing was said.", {
      action: "Record it again, nearer to the microphone.",
    });
  }
  callbacks.onTranscription?.(heard.text, { ...heard });
  const answered = performance.now();
  callbacks.enter(PipelineState.GeneratingResponse);
  const answer = answerTo(heard.text, options, callbacks, signal);
  const voice = spoken(answer.pieces, options, signal);
  // Whoever waits for the answer hears of its failure first.
  voice.catch(() => undefined);
  const llmResult = await answer.result;
  callbacks.onResponseComplete?.(llmResult.text, llmResult);
  const llmMs = performance.now() - answered;
  callbacks.enter(PipelineState.PlayingTTS);
  const sound = await voice;
  callbacks.onSynthesisComplete?.(sound.audioData, sound.sampleRate, sound);
  const ended = performance.now();
  return {
    transcription: heard.text,
    response: llmResult.text,
    synthesizedAudio: sound.audioData,
    sampleRate: sound.sampleRate,
    timing: {
      sttMs: answered - began,
      llmMs,
      ttsMs: ended - answered - llmMs,
      totalMs: ended - began,
    },
    llmResult,
  };
}

function answerTo(
  prompt: string,
  { maxTokens = 256, temperature = 0.7, systemPrompt }: VoicePipelineOptions,
  { onResponseToken }: VoicePipelineCallbacks,
  signal: AbortSignal,
): { pieces: AsyncIterable<string>; result: Promise<LLMResult> } {
  let push: (piece: string) => void = () => undefined;
  let text = "";
  let tokensUsed = 0;
  const began = performance.now();
  const system = systemPrompt ? [{ role: "system" as const, content: systemPrompt }] : [];
  const request = {
    messages: [...system, { role: "user" as const, content: prompt }],
    max_tokens: maxTokens,
    temperature,
  };
  const onChunk = ({ choices: [{ delta }], tokens = 1 }: Chunk) => {
    tokensUsed += tokens;
    if (!delta.content) return;
    text += delta.content;
    push(delta.content);
    onResponseToken?.(delta.content, text);
  };
  const result = home()
    .then((alcove) => alcove.complete(request, { signal, onChunk }))
    .then(() => {
      signal.throwIfAborted();
      const tokensPerSecond = (tokensUsed * 1000) / (performance.now() - began);
      return { text, tokensUsed, tokensPerSecond };
    });
  const pieces = streamOf<string>((given) => {
    push = given;
    // What fails is told by the result.
    return result.catch(() => undefined);
  });
  return { pieces, result };
}

async function spoken(
  pieces: AsyncIterable<string>,
  { ttsSpeed = 1 }: VoicePipelineOptions,
  signal: AbortSignal,
): Promise<TTSResult> {
  const began = performance.now();
  const made: Float32Array[] = [];
  let sampleRate = 0;
  for await (const piece of (await home()).speak(pieces, { rate: ttsSpeed, signal })) {
    made.push(piece.samples);
    sampleRate = piece.sampleRate;
  }
  const audioData = joined(made);
  const durationMs = sampleRate ? (audioData.length / sampleRate) * 1000 : 0;
  return { audioData, sampleRate, durationMs, processingTimeMs: performance.now() - began };
}
