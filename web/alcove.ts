/**
 * The public surface of Alcove for the web: `import { openAlcove } from "…/alcove.js"`.
 * Our own page is built on this very module.
 */
import { Alcove, type OpenOptions } from "./alcove/alcove.ts";
import { moveIn } from "./runanywhere/home.ts";

/**
 * Opens Alcove in this page. Answers as soon as the page can be used; what goes on is in
 * `alcove.status` and in `onProgress`.
 */
export function openAlcove(options: OpenOptions = {}): Promise<Alcove> {
  return moveIn(Alcove.open(options));
}

export { AlcoveError, type ErrorCode } from "../workers/shared/errors.ts";
export type { Alcove, OpenOptions, SessionOptions } from "./alcove/alcove.ts";
export type { Capabilities } from "./alcove/capabilities.ts";
export type { Choice, Provider } from "./alcove/choice.ts";
export type { EmbedOptions } from "./alcove/embeddings.ts";
export type { ModelEntry } from "./alcove/models.ts";
export type {
  ChatEvent,
  ChatSession,
  PageTool,
  SendOptions,
  ToolContext,
  TurnOptions,
} from "./alcove/session.ts";
export type { Status } from "./alcove/status.ts";
export type { DescribeOptions, Eye, Picture, VisionResult } from "./alcove/vision.ts";
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
export type { ConversationSummary } from "./store/conversations.ts";
export { type Camera, VideoCapture, type VideoCaptureOptions } from "./vision/capture.ts";
export { type Caption, type LiveOptions, LiveView, type SkipReason } from "./vision/live.ts";
export { lookTool } from "./vision/look.ts";
export type { CapturedFrame, CaptureEnd } from "./vision/media-capture.ts";
export { ScreenCapture } from "./vision/screen.ts";
