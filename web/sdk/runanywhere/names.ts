/** RunAnywhere's names for things, as its documents write them. Alcove runs a part of what they name. */

export const SDKEnvironment = {
  Development: "development",
  Staging: "staging",
  Production: "production",
} as const;
export type SDKEnvironment = (typeof SDKEnvironment)[keyof typeof SDKEnvironment];

export const ModelCategory = {
  Language: "language",
  SpeechRecognition: "speech-recognition",
  SpeechSynthesis: "speech-synthesis",
  Vision: "vision",
  ImageGeneration: "image-generation",
  Multimodal: "multimodal",
  Audio: "audio",
} as const;
export type ModelCategory = (typeof ModelCategory)[keyof typeof ModelCategory];

export const LLMFramework = { LlamaCpp: "LlamaCpp", ONNX: "ONNX", MLC: "MLC" } as const;
export type LLMFramework = (typeof LLMFramework)[keyof typeof LLMFramework];

/** Its documents call the second both names. */
export const VLMImageFormat = { FilePath: 0, RGBPixels: 1, RGB: 1, Base64: 2 } as const;
export type VLMImageFormat = (typeof VLMImageFormat)[keyof typeof VLMImageFormat];

export const VLMModelFamily = { Auto: 0, Qwen2VL: 1, SmolVLM: 2, LLaVA: 3, Custom: 99 } as const;
export type VLMModelFamily = (typeof VLMModelFamily)[keyof typeof VLMModelFamily];

export const HardwareAcceleration = { CPU: "cpu", GPU: "gpu", WebGPU: "webgpu", WASM: "wasm" } as const;
export type HardwareAcceleration = (typeof HardwareAcceleration)[keyof typeof HardwareAcceleration];

export const ModelStatus = {
  Registered: "registered",
  Downloading: "downloading",
  Downloaded: "downloaded",
  Loading: "loading",
  Loaded: "loaded",
  Error: "error",
} as const;
export type ModelStatus = (typeof ModelStatus)[keyof typeof ModelStatus];

export const DownloadStage = {
  Downloading: "downloading",
  Validating: "validating",
  Completed: "completed",
} as const;
export type DownloadStage = (typeof DownloadStage)[keyof typeof DownloadStage];

export const AccelerationPreference = { Auto: "auto", WebGPU: "webgpu", CPU: "cpu" } as const;
export type AccelerationPreference = (typeof AccelerationPreference)[keyof typeof AccelerationPreference];

export const EmbeddingsNormalize = { None: 0, L2: 1 } as const;
export type EmbeddingsNormalize = (typeof EmbeddingsNormalize)[keyof typeof EmbeddingsNormalize];

export const EmbeddingsPooling = { Mean: 0, CLS: 1, Last: 2 } as const;
export type EmbeddingsPooling = (typeof EmbeddingsPooling)[keyof typeof EmbeddingsPooling];

export const ToolCallFormat = { Default: "default", LFM2: "lfm2" } as const;
export type ToolCallFormat = (typeof ToolCallFormat)[keyof typeof ToolCallFormat];
