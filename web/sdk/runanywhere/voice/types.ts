/** What RunAnywhere's names of voice take and give. */

export const STTModelType = { Whisper: "whisper", Zipformer: "zipformer", Paraformer: "paraformer" } as const;
export type STTModelType = (typeof STTModelType)[keyof typeof STTModelType];

export interface STTModelConfig {
  /** One of Alcove's, or any name of a Whisper: then a Whisper of this site hears, else what else hears here. */
  modelId: string;
  type: STTModelType;
  /** Accepted: Alcove has files of its own. */
  modelFiles: Record<string, string>;
  /** Of the samples; default 16,000. */
  sampleRate?: number;
  language?: string;
}

export interface STTTranscribeOptions {
  language?: string;
  sampleRate?: number;
}

export interface STTWord {
  text: string;
  startMs: number;
  endMs: number;
  confidence: number;
}

export interface STTTranscriptionResult {
  text: string;
  /** Alcove's models tell none: 1 where there are words, else 0. */
  confidence: number;
  detectedLanguage?: string;
  processingTimeMs: number;
  words?: STTWord[];
}

export interface STTStreamingSession {
  /** Takes the next samples. */
  acceptWaveform(samples: Float32Array, sampleRate?: number): void;
  inputFinished(): void;
  /** The words so far; `isEndpoint` once all that came has been heard. */
  getResult(): { text: string; isEndpoint: boolean };
  reset(): void;
  destroy(): void;
}

/** A piece of a recording. */
export interface Piece {
  samples: Float32Array;
  sampleRate: number;
}

/** What comes piece by piece, and the words so far. */
export interface Recording {
  push(piece: Piece): void;
  end(): void;
  pieces: AsyncIterable<Piece>;
  stop: AbortController;
  text: string;
  /** All that came has been heard. */
  over: boolean;
}

/** What was loaded. */
export interface LoadedEar {
  /** As whoever loaded it calls it. */
  id: string;
  type: STTModelType;
  /** One of Alcove's; undefined for whatever hears here. */
  model: string | undefined;
  language: string | undefined;
  rate: number;
}

export interface TTSVoiceConfig {
  /** One of Alcove's voices; any name of a Piper voice stands for the one that this site has. */
  voiceId: string;
  /** Accepted, with what follows: Alcove has files of its own. */
  modelPath: string;
  tokensPath: string;
  dataDir?: string;
  lexicon?: string;
  numThreads?: number;
}

export interface TTSSynthesizeOptions {
  /** Alcove's voices have one speaker: 0. */
  speakerId?: number;
  /** From 0.5 to 2. */
  speed?: number;
}

export interface TTSSynthesisResult {
  audioData: Float32Array;
  sampleRate: number;
  durationMs: number;
  processingTimeMs: number;
}

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

export interface TTSResult {
  audioData: Float32Array;
  sampleRate: number;
  durationMs: number;
  processingTimeMs: number;
}

export interface LLMResult {
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
