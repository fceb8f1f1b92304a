/** What `ToolCalling` takes and gives. */
import type { ToolCallFormat } from "../names.ts";
import type { ToolValue } from "./tool-values.ts";

export interface ToolParameter {
  name: string;
  type: "string" | "number" | "boolean" | "object" | "array";
  description: string;
  /** Default true. */
  required?: boolean;
  enumValues?: string[];
}

export interface ToolDefinition {
  name: string;
  description: string;
  parameters: ToolParameter[];
  category?: string;
}

export interface ToolCall {
  toolName: string;
  arguments: Record<string, ToolValue>;
  callId?: string;
}

export interface ToolResult {
  toolName: string;
  success: boolean;
  result?: Record<string, ToolValue>;
  error?: string;
  callId?: string;
}

export interface ToolCallingOptions {
  /** In place of the registered ones; one that is not registered as well cannot be run. */
  tools?: ToolDefinition[];
  /** Default 5; then the model has to answer. */
  maxToolCalls?: number;
  /** Default true; false gives the calls back instead. */
  autoExecute?: boolean;
  /** Default 0.3. */
  temperature?: number;
  /** Of each round; default 1024. */
  maxTokens?: number;
  systemPrompt?: string;
  /** Accepted: the engine tells of the tools in the model's own form, beside whatever the system prompt says. */
  replaceSystemPrompt?: boolean;
  /** Default false: after a call the model answers. */
  keepToolsAvailable?: boolean;
  /** Accepted: the engine knows which form a model calls in. */
  format?: ToolCallFormat;
}

export interface ToolCallingResult {
  text: string;
  toolCalls: ToolCall[];
  toolResults: ToolResult[];
  /** False where calls wait for `continueWithToolResult`. */
  isComplete: boolean;
}

/** Gets the arguments tagged; may give its result tagged or plain. */
export type ToolExecutor = (args: Record<string, ToolValue>) => Promise<Record<string, unknown>>;
