/** What `alcove.js` has besides index.ts: our page needs none of it at its start. */

export { AmplifierWeb } from "./amplifier-web/amplifier-web.ts";
export { AmplifierError, ErrorCodes } from "./amplifier-web/error.ts";
export type { AmplifierWebConfig, Execution, ToolApproval } from "./amplifier-web/types.ts";
export { VideoCapture } from "./capture/camera.ts";
export { ScreenCapture } from "./capture/screen.ts";
export {
  type VLMGenerationResult,
  type VLMLoadModelParams,
  type VLMProcessOptions,
  VLMWorkerBridge,
} from "./runanywhere/bridge.ts";
export { ModelManager, type VLMLoader } from "./runanywhere/manager.ts";
export {
  HardwareAcceleration,
  LLMFramework,
  ModelCategory,
  SDKEnvironment,
  VLMImageFormat,
  VLMModelFamily,
} from "./runanywhere/names.ts";
export type { CompactModelDef } from "./runanywhere/registry.ts";
export { LlamaCPP, RunAnywhere, type SDKInitOptions, startVLMWorkerRuntime } from "./runanywhere/sdk.ts";
export { LiveView } from "./sessions/live.ts";
export { type VilaCaption, type VilaOptions, type VilaStatus, VilaStream } from "./vila/stream.ts";
