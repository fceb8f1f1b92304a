/** `ToolCalling`: a model that writes calls functions of the page, round by round, until it answers. */
import type { ChatMessage, ToolSpec, ToolCall as WireCall } from "../../../workers/engine/contract.ts";
import { SDKError, SDKErrorCode } from "./errors.ts";
import { SDKLogger } from "./logger.ts";
import type { ToolCallFormat } from "./names.ts";
import { ask } from "./text-generation.ts";
import { plain, type ToolValue, toolValues } from "./tool-values.ts";

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

const MOST_CALLS = 5;
const registered = new Map<string, { definition: ToolDefinition; execute: ToolExecutor }>();
const logger = new SDKLogger("ToolCalling");

export const ToolCalling = {
  extensionName: "ToolCalling",

  /** @throws SDKError `InvalidParameter` for what describes no tool */
  registerTool(definition: ToolDefinition, executor: ToolExecutor): void {
    const named = typeof definition?.name === "string" && /^[\w-]{1,64}$/.test(definition.name);
    if (!named || !Array.isArray(definition.parameters) || typeof executor !== "function") {
      throw new SDKError(SDKErrorCode.InvalidParameter, "This is no tool.", undefined, {
        action: "Give a name of letters, digits, - and _, a list of parameters, and a function.",
      });
    }
    registered.set(definition.name, { definition, execute: executor });
  },

  unregisterTool(name: string): void {
    registered.delete(name);
  },

  getRegisteredTools: (): ToolDefinition[] => [...registered.values()].map(({ definition }) => definition),

  clearTools(): void {
    registered.clear();
  },

  cleanup(): void {
    registered.clear();
  },

  /** Runs a registered tool. What it throws is a result without success. */
  async executeTool({ toolName, arguments: args, callId }: ToolCall): Promise<ToolResult> {
    const told = { toolName, ...(callId === undefined ? {} : { callId }) };
    const tool = registered.get(toolName);
    if (!tool) return { ...told, success: false, error: `Unknown tool: ${toolName}` };
    try {
      return { ...told, success: true, result: toolValues(plain(await tool.execute(args))) };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown.message : String(thrown);
      logger.warning(`${toolName} failed: ${error}`);
      return { ...told, success: false, error };
    }
  },

  /** @throws SDKError as `TextGeneration.generate` */
  generateWithTools(prompt: string, options: ToolCallingOptions = {}): Promise<ToolCallingResult> {
    return rounds([{ role: "user", content: prompt }], options, options.maxToolCalls ?? MOST_CALLS);
  },

  /**
   * Goes on after a call that the page ran itself (`autoExecute: false`).
   * @throws SDKError as `TextGeneration.generate`
   */
  continueWithToolResult(
    previousPrompt: string,
    toolCall: ToolCall,
    toolResult: ToolResult,
    options: ToolCallingOptions = {},
  ): Promise<ToolCallingResult> {
    const messages: ChatMessage[] = [
      { role: "user", content: previousPrompt },
      { role: "assistant", content: null, tool_calls: [wireCall(toolCall)] },
      resultMessage(toolResult, toolCall.callId),
    ];
    const left = (options.maxToolCalls ?? MOST_CALLS) - 1;
    return rounds(messages, options, options.keepToolsAvailable ? left : 0);
  },
};

/** @param most how many calls there may still be */
async function rounds(
  messages: ChatMessage[],
  options: ToolCallingOptions,
  most: number,
): Promise<ToolCallingResult> {
  const { autoExecute = true, keepToolsAvailable = false, temperature = 0.3, maxTokens = 1024 } = options;
  const tools = (options.tools ?? ToolCalling.getRegisteredTools()).map(toolSpec);
  const rest = options.systemPrompt === undefined ? {} : { systemPrompt: options.systemPrompt };
  const toolCalls: ToolCall[] = [];
  const toolResults: ToolResult[] = [];
  while (true) {
    const may = tools.length > 0 && toolCalls.length < most && (keepToolsAvailable || toolCalls.length === 0);
    const { completion } = await ask(messages, { temperature, maxTokens, ...rest }, may ? { tools } : {});
    const { message, finish_reason } = completion.choices[0];
    const text = message.content ?? "";
    const calls = (message.tool_calls ?? []).slice(0, most - toolCalls.length);
    if (calls.length === 0) {
      return { text, toolCalls, toolResults, isComplete: finish_reason !== "cancelled" };
    }
    const made = calls.map(toolCall);
    toolCalls.push(...made);
    if (!autoExecute) return { text, toolCalls, toolResults, isComplete: false };
    messages.push({ role: "assistant", content: message.content, tool_calls: calls });
    for (const call of made) {
      const result = await ToolCalling.executeTool(call);
      toolResults.push(result);
      messages.push(resultMessage(result, call.callId));
    }
  }
}

function toolSpec({ name, description, parameters }: ToolDefinition): ToolSpec {
  const properties = Object.fromEntries(
    parameters.map(({ name: key, type, description: about, enumValues }) => [
      key,
      { type, description: about, ...(enumValues ? { enum: enumValues } : {}) },
    ]),
  );
  const required = parameters.filter(({ required = true }) => required).map(({ name: key }) => key);
  return {
    type: "function",
    function: { name, description, parameters: { type: "object", properties, required } },
  };
}

function toolCall({ id, function: call }: WireCall): ToolCall {
  let args: unknown;
  try {
    args = JSON.parse(call.arguments || "{}");
  } catch {
    // Cut off by its limit: the tool itself says what it lacks.
  }
  const given = typeof args === "object" && args !== null ? args : {};
  return { toolName: call.name, arguments: toolValues(given), callId: id };
}

const wireCall = ({ toolName, arguments: args, callId = "call_0" }: ToolCall): WireCall => ({
  id: callId,
  type: "function",
  function: { name: toolName, arguments: JSON.stringify(plain(args)) },
});

const resultMessage = ({ success, result, error }: ToolResult, callId = "call_0"): ChatMessage => ({
  role: "tool",
  tool_call_id: callId,
  content: JSON.stringify(success ? plain(result ?? {}) : { error: error ?? "Unknown error" }),
});
