/** What `alcove.js` has besides index.ts: our page needs none of it at its start. */

export { AmplifierWeb } from "./amplifier-web/amplifier-web.ts";
export { AmplifierError, ErrorCodes } from "./amplifier-web/error.ts";
export type { AmplifierWebConfig, Execution, ToolApproval } from "./amplifier-web/types.ts";
export { VideoCapture } from "./capture/camera.ts";
export { ScreenCapture } from "./capture/screen.ts";
export {
  AudioCapture,
  type AudioCaptureConfig,
  AudioFileLoader,
  type AudioFileLoaderResult,
  AudioPlayback,
  type PlaybackConfig,
} from "./runanywhere/audio.ts";
export {
  type VLMGenerationResult,
  type VLMLoadModelParams,
  type VLMProcessOptions,
  VLMWorkerBridge,
} from "./runanywhere/bridge.ts";
export { detectCapabilities, type WebCapabilities } from "./runanywhere/capabilities.ts";
export { Diffusion } from "./runanywhere/diffusion.ts";
export {
  Embeddings,
  type EmbeddingsOptions,
  type EmbeddingsResult,
  type EmbeddingVector,
} from "./runanywhere/embeddings.ts";
export { SDKError, SDKErrorCode } from "./runanywhere/errors.ts";
export {
  EventBus,
  type EventListener,
  type SDKEvent,
  type SDKEventEnvelope,
  type SDKEventMap,
  SDKEventType,
  type Unsubscribe,
} from "./runanywhere/events.ts";
export {
  StructuredOutput,
  type StructuredOutputConfig,
  type StructuredOutputValidation,
} from "./runanywhere/json/structured-output.ts";
export { LogLevel, SDKLogger } from "./runanywhere/logger.ts";
export type { ManagedModel } from "./runanywhere/managed.ts";
export { ModelManager, type QuotaCheckResult, type VLMLoader } from "./runanywhere/manager.ts";
export {
  AccelerationPreference,
  DownloadStage,
  EmbeddingsNormalize,
  EmbeddingsPooling,
  HardwareAcceleration,
  LLMFramework,
  ModelCategory,
  ModelStatus,
  SDKEnvironment,
  ToolCallFormat,
  VLMImageFormat,
  VLMModelFamily,
} from "./runanywhere/names.ts";
export { type MetadataMap, OPFSStorage, type StoredModelInfo } from "./runanywhere/opfs-storage.ts";
export type { CompactModelDef } from "./runanywhere/registry.ts";
export { LlamaCPP, RunAnywhere, type SDKInitOptions, startVLMWorkerRuntime } from "./runanywhere/sdk.ts";
export { STT } from "./runanywhere/stt.ts";
export type {
  Generation,
  LLMGenerationOptions,
  LLMGenerationResult,
  LLMStreamingResult,
} from "./runanywhere/text/generation.ts";
export { type ModelData, TextGeneration } from "./runanywhere/text/text-generation.ts";
export { ToolCalling } from "./runanywhere/tools/tool-calling.ts";
export type {
  ToolCall,
  ToolCallingOptions,
  ToolCallingResult,
  ToolDefinition,
  ToolExecutor,
  ToolParameter,
  ToolResult,
} from "./runanywhere/tools/tool-types.ts";
export {
  fromToolValue,
  getNumberArg,
  getStringArg,
  type ToolValue,
  toToolValue,
} from "./runanywhere/tools/tool-values.ts";
export { TTS } from "./runanywhere/tts.ts";
export { SpeechActivity, type SpeechSegment, VAD, type VADModelConfig } from "./runanywhere/vad.ts";
export { VLM, type VLMGenerationOptions, type VLMImage } from "./runanywhere/vlm.ts";
export {
  PipelineState,
  type STTModelConfig,
  STTModelType,
  type STTStreamingSession,
  type STTTranscribeOptions,
  type STTTranscriptionResult,
  type STTWord,
  type TTSSynthesisResult,
  type TTSSynthesizeOptions,
  type TTSVoiceConfig,
  type VoicePipelineCallbacks,
  type VoicePipelineOptions,
  type VoicePipelineTurnResult,
} from "./runanywhere/voice/types.ts";
export { VoicePipeline } from "./runanywhere/voice-pipeline.ts";
export { LiveView } from "./sessions/live.ts";
export { type VilaCaption, type VilaOptions, type VilaStatus, VilaStream } from "./vila/stream.ts";
export { writeTranscript } from "./voice/captions.ts";
export { Microphone, type MicrophoneDevice, type MicrophoneOptions } from "./voice/microphone.ts";
export { Playback, type PlaybackOptions } from "./voice/playback.ts";
export { WavFile } from "./voice/wav.ts";
