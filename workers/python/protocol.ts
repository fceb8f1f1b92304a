/** What crosses between the page and the Python worker. Everything is plain JSON. */
import type { ErrorData } from "../wire/errors.ts";

/** One step of the boot; `fraction` runs from 0 to 1. */
export interface BootProgress {
  text: string;
  fraction: number;
}

/** A function of the page that Python mounts as an Amplifier tool. */
interface ToolDeclaration {
  name: string;
  description: string;
  /** JSON Schema of the input object. */
  inputSchema: Record<string, unknown>;
  /** `false` lets the tool run without asking the person first. */
  sideEffects: boolean;
}

export interface SessionConfig {
  id: string;
  provider: string;
  model: string;
  /** Further configuration of the provider: a server's address and key, say. */
  providerConfig?: Record<string, unknown>;
  system?: string;
  tools: ToolDeclaration[];
  approvals: "ask" | "allow";
  /** Transcript to go on from. */
  messages: TranscriptMessage[] | null;
  /** When that transcript began. */
  created?: string;
  /** A whole Amplifier mount plan, or null for ours. */
  plan: Record<string, unknown> | null;
}

export interface TranscriptMessage {
  role: "system" | "developer" | "user" | "assistant" | "tool";
  content: string | Record<string, unknown>[];
  [key: string]: unknown;
}

/** What Python asks the page to keep after every message. Times are ISO 8601. */
export interface TranscriptRecord {
  id: string;
  title: string;
  created: string;
  updated: string;
  provider: string;
  model: string;
  system: string;
  messages: TranscriptMessage[];
}

/** A picture as it crosses to Python, and as the transcript keeps it. */
export interface EncodedPicture {
  media_type: string;
  /** Base64. */
  data: string;
}

/** What the person sends: `Prompt` of `py_app/config.py`. */
export interface Prompt {
  text: string;
  images?: EncodedPicture[];
}

/** A picture that a vision model is to look at. `session`: whose turn waits for it. */
export interface SeeRequest {
  session?: string;
  image: EncodedPicture;
  prompt: string;
  model?: string;
  max_tokens?: number;
}

export interface CaptureRequest {
  source: "camera" | "screen";
}

/** Events of one turn, in order of happening, as Python emits them. */
export type TurnEvent =
  /** `tokens`: how many tokens of the model this is, where that is known. */
  | { type: "text"; text: string; tokens?: number }
  | {
      type: "tool";
      phase: "start" | "end";
      id: string;
      name: string;
      input: unknown;
      result?: unknown;
      success?: boolean;
    }
  /** A vision model described one of the person's pictures for a model that cannot see; they count from 0. */
  | { type: "picture"; picture: number; description: string; model: string }
  | { type: "approval"; id: string; prompt: string; options: string[] }
  | {
      type: "usage";
      provider: string;
      model: string;
      promptTokens: number;
      cachedTokens: number;
      completionTokens: number;
      ttftMs: number | null;
      tokensPerSecond: number | null;
    }
  | { type: "end"; text: string; finishReason: string };

/** How every method of the Python `App` answers. */
export type Answer<T> = { ok: T } | { error: ErrorData };

/** What the Python worker may ask of the page. */
export interface PythonHost {
  /** Keeps a transcript. */
  save(record: TranscriptRecord): Promise<void>;
  /** Runs a tool that lives on the page. */
  callTool(call: { session: string; id: string; name: string; input: unknown }): Promise<unknown>;
  /** Resolves when the model is loaded and the engine can answer. */
  ensureModel(model: string, signal: AbortSignal): Promise<void>;
  /** Lets a vision model look at a picture. */
  see(request: SeeRequest, signal: AbortSignal): Promise<{ text: string; model: string }>;
  /** Takes a picture of what the camera or the screen shows. */
  capture(request: CaptureRequest, signal: AbortSignal): Promise<EncodedPicture>;
  /** JSON for providers: the models that can be had and what is loaded. */
  describe(): Promise<unknown>;
}
