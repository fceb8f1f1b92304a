/**
 * The public surface of Alcove for the web: `import { openAlcove } from "…/alcove.js"`.
 * Our own page is built on this very module.
 */
import { Alcove } from "./alcove.ts";
import type { OpenOptions } from "./options.ts";
import { moveIn } from "./runanywhere/standing.ts";

/**
 * Opens Alcove in this page. Answers as soon as the page can be used; what goes on is in
 * `alcove.status` and in `onProgress`.
 */
export function openAlcove(options: OpenOptions = {}): Promise<Alcove> {
  return moveIn(Alcove.open(options));
}

/**
 * Deletes everything that Alcove keeps in this browser. Call `alcove.close()` first, and open no other Alcove before it
 * is done.
 * @throws AlcoveError `busy` when something is left, because another tab holds it
 */
export async function clearStorage(): Promise<void> {
  await (await import("./store/clear.ts")).clearStorage();
}

export type {
  Chunk,
  EmbeddingRequest,
  EmbeddingResponse,
  LoadedModel,
  LoadProgress,
} from "../../workers/engine/contract.ts";
export type {
  ActivityEntry,
  Agent,
  AnswerSource,
  BundleChanges,
  Sampling,
  ToolName,
} from "../../workers/python/protocol.ts";
export type { Box, Reading, ReadLine } from "../../workers/reading/protocol.ts";
export { beforeAbort } from "../../workers/wire/abort.ts";
export { AlcoveError, type ErrorCode, type ErrorData } from "../../workers/wire/errors.ts";
export type { Agents } from "./agents/agents.ts";
export type { AgentEntry } from "./agents/entry.ts";
export type { BundleSource } from "./agents/given.ts";
export type { Alcove } from "./alcove.ts";
export type { Capabilities } from "./capabilities.ts";
export type { Camera, VideoCaptureOptions } from "./capture/camera.ts";
export type { CapturedFrame, CaptureEnd } from "./capture/media-capture.ts";
export type { CompleteOptions, CompletionRequest } from "./completion/completions.ts";
export type { Completion } from "./completion/gather.ts";
export type { OpenAi } from "./completion/openai.ts";
export type {
  AddedDocument,
  AddOptions,
  AddProgress,
  DocumentEntry,
  DocumentHit,
  DocumentPage,
  DocumentType,
  OpenedDocument,
} from "./documents/document.ts";
export type { Documents } from "./documents/documents.ts";
export type { Status } from "./engines/status.ts";
export type { Folder, FolderStanding, Home } from "./home/home.ts";
export { lookTool } from "./look-tool.ts";
export { type PortTransport, portTransport } from "./mcp/port.ts";
export type { ServeOptions } from "./mcp/serve.ts";
export type { McpServer, McpServers } from "./mcp/servers.ts";
export type { Models } from "./models/catalogue.ts";
export type { Choice, Provider } from "./models/choice.ts";
export type { Crash } from "./models/crash.ts";
export type { Download, DownloadState } from "./models/download.ts";
export type { ModelEntry } from "./models/entry.ts";
export { type Verified, verifiedWords } from "./models/verified.ts";
export type { AgentPlan, OpenOptions, SessionOptions } from "./options.ts";
export { pictureUrl } from "./pictures/url.ts";
export type { ReadOptions } from "./reading/read.ts";
export type { ChatSession, PageTool, ToolContext } from "./sessions/chat.ts";
export type { EmbedOptions } from "./sessions/embeddings.ts";
export type { DescribeOptions, Eye, Picture, VisionResult } from "./sessions/eye.ts";
export type { Caption, LiveOptions, SkipReason } from "./sessions/live.ts";
export type { Approval, Permission, Permissions } from "./sessions/permissions.ts";
export type { Defaults, Presets, PresetsChange, PromptEntry } from "./sessions/presets.ts";
export { MOST_PICTURES } from "./sessions/prompt.ts";
export type { ChatEvent, SendOptions, TextFile, TurnOptions } from "./sessions/turn.ts";
export type { ImportReport } from "./store/archive.ts";
export type { ConversationChange, ConversationSummary } from "./store/heads.ts";
export type { PlaceChanges } from "./store/place.ts";
export type { FindOptions, SearchHit } from "./store/search.ts";
export type { DeviceStorage } from "./store/storage.ts";
export type { StorageItem, StorageKind, StorageReport } from "./store/storage-report.ts";
export type { VilaServer } from "./vila/server.ts";
export type { Audio, Samples } from "./voice/audio.ts";
export type { TranscriptFormat } from "./voice/captions.ts";
export type { VoiceConversation, VoiceState } from "./voice/conversation.ts";
export type { OpenVoiceOptions } from "./voice/open-voice.ts";
export type { SpokenChat } from "./voice/parts.ts";
export type { SpeakOptions } from "./voice/speak.ts";
export type { Speech } from "./voice/speech.ts";
export type { Segment, TranscribeOptions, Transcript } from "./voice/transcribe.ts";
export type { Voice } from "./voice/voices.ts";
