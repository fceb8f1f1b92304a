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

export const VLMImageFormat = { FilePath: 0, RGBPixels: 1, Base64: 2 } as const;
export type VLMImageFormat = (typeof VLMImageFormat)[keyof typeof VLMImageFormat];

export const VLMModelFamily = { Auto: 0, Qwen2VL: 1, SmolVLM: 2, LLaVA: 3, Custom: 99 } as const;
export type VLMModelFamily = (typeof VLMModelFamily)[keyof typeof VLMModelFamily];

export const HardwareAcceleration = { CPU: "cpu", GPU: "gpu", WebGPU: "webgpu", WASM: "wasm" } as const;
export type HardwareAcceleration = (typeof HardwareAcceleration)[keyof typeof HardwareAcceleration];
