/** RunAnywhere's `VoicePipeline`: one recording → words → an answer → sound. Each turn stands alone. */
import type { Chunk } from "../../../workers/engine/contract.ts";
import { AlcoveError, toAlcoveError } from "../../../workers/wire/errors.ts";
import { streamOf } from "../../../workers/wire/stream.ts";
import { home } from "./home.ts";
import { joined } from "./tts.ts";

export const PipelineState = {
  Idle: "idle",
  Listening: "listening",
  ProcessingSTT: "processingSTT",
  GeneratingResponse: "generatingResponse",
  PlayingTTS: "playingTTS",
  Cooldown: "cooldown",
  Error: "error",
} as const;
export type PipelineState = (typeof PipelineState)[keyof typeof PipelineState];

export interface VoicePipelineOptions {
  maxTokens?: number;
  temperature?: number;
  systemPrompt?: string;
  ttsSpeed?: number;
  /** Of the recording; default 16,000. */
  sampleRate?: number;
}

interface TTSResult {
  audioData: Float32Array;
  sampleRate: number;
  durationMs: number;
  processingTimeMs: number;
}

interface LLMResult {
  text: string;
  tokensUsed: number;
  tokensPerSecond: number;
}

export interface VoicePipelineCallbacks {
  onStateChange?: (state: PipelineState) => void;
  onTranscription?: (text: string, result: { text: string }) => void;
  onResponseToken?: (token: string, accumulated: string) => void;
  onResponseComplete?: (text: string, result: LLMResult) => void;
  onSynthesisComplete?: (audio: Float32Array, sampleRate: number, result: TTSResult) => void;
  onError?: (error: Error, stage: PipelineState) => void;
}

export interface VoicePipelineTurnResult {
  transcription: string;
  response: string;
  synthesizedAudio?: Float32Array;
  sampleRate?: number;
  timing: { sttMs: number; llmMs: number; ttsMs: number; totalMs: number };
  llmResult?: LLMResult;
}

export class VoicePipeline {
  #state: PipelineState = PipelineState.Idle;
  #stop: AbortController | null = null;

  get state(): PipelineState {
    return this.#state;
  }

  /**
   * Hears a recording, lets the language model answer and makes that sound. The voice begins with the first sentence of
   * the answer, not after its last. What is done with the sound is the caller's.
   * @throws AlcoveError `busy` while another turn runs, `bad-request` where nothing was said, `cancelled`, and what its
   *   parts fail with; `onError` is told first
   */
  async processTurn(
    audioData: Float32Array,
    options: VoicePipelineOptions = {},
    callbacks: VoicePipelineCallbacks = {},
  ): Promise<VoicePipelineTurnResult> {
    if (this.#stop) throw new AlcoveError("busy", "A turn is still being worked on.");
    const stop = new AbortController();
    this.#stop = stop;
    try {
      return await this.#turn(audioData, options, callbacks, stop.signal);
    } catch (thrown) {
      const stage = this.#state;
      const error = stop.signal.aborted ? new AlcoveError("cancelled", "Stopped.") : toAlcoveError(thrown);
      if (error.code !== "cancelled") this.#enter(PipelineState.Error, callbacks);
      callbacks.onError?.(error, stage);
      throw error;
    } finally {
      this.#stop = null;
      this.#enter(PipelineState.Idle, callbacks);
    }
  }

  /** Stops whatever it is doing: hearing, answering or speaking. */
  cancel(): void {
    this.#stop?.abort();
  }

  async #turn(
    samples: Float32Array,
    options: VoicePipelineOptions,
    callbacks: VoicePipelineCallbacks,
    signal: AbortSignal,
  ): Promise<VoicePipelineTurnResult> {
    const alcove = await home();
    const began = performance.now();
    this.#enter(PipelineState.ProcessingSTT, callbacks);
    const heard = await alcove.transcribe({ samples, sampleRate: options.sampleRate ?? 16_000 }, { signal });
    if (!heard.text.trim()) {
      throw new AlcoveError("bad-request", "Nothing was said.", {
        action: "Record it again, nearer to the microphone.",
      });
    }
    callbacks.onTranscription?.(heard.text, { ...heard });
    const answered = performance.now();
    this.#enter(PipelineState.GeneratingResponse, callbacks);
    const answer = this.#answer(heard.text, options, callbacks, signal);
    const voice = this.#speak(answer.pieces, options, signal);
    // Whoever waits for the answer hears of its failure first.
    voice.catch(() => undefined);
    const llmResult = await answer.result;
    callbacks.onResponseComplete?.(llmResult.text, llmResult);
    const llmMs = performance.now() - answered;
    this.#enter(PipelineState.PlayingTTS, callbacks);
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

  #answer(
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

  async #speak(
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

  #enter(state: PipelineState, { onStateChange }: VoicePipelineCallbacks): void {
    if (state === this.#state) return;
    this.#state = state;
    onStateChange?.(state);
  }
}
