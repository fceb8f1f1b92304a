/** What upstream's facade takes and gives. */
import type { Alcove } from "../alcove.ts";
import type { ChatSession, PageTool } from "../sessions/chat.ts";
import type { AmplifierError } from "./error.ts";

/** What it is asked before a tool runs; anything but exactly `true` refuses. */
export interface ToolApproval {
  name: string;
  arguments: unknown;
  prompt: string;
}

export interface AmplifierWebConfig {
  /** One of `alcove.models.list()`; one that this device cannot run gives way to one that it can. */
  model?: string;
  systemPrompt?: string;
  /** Address of a bundle's file; or the text of one. */
  bundle?: string;
  bundleContent?: string;
  onProgress?: (stage: string, percent: number, message: string) => void;
  onError?: (error: AmplifierError) => void;
  debug?: boolean;
  /** The person's own server answers, or what Alcove chooses where there is none. */
  skipWebLLM?: boolean;
  approveToolCall?: (call: ToolApproval) => boolean | Promise<boolean>;
  /** Python comes with Alcove. */
  pyodideUrl?: string;
}

export interface Execution {
  content: string;
  toolCalls: { name: string; arguments: unknown; result: unknown }[];
  usage: { prompt_tokens?: number; completion_tokens?: number; total_tokens?: number };
}

export interface Running {
  alcove: Alcove;
  chat: ChatSession;
  /** Tools that were registered. */
  tools: PageTool[];
}
