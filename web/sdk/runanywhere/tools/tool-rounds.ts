/** Rounds of asking, calling and telling, until a model answers. */
import type { ChatMessage, ToolSpec, ToolCall as WireCall } from "../../../../workers/engine/contract.ts";
import { ask } from "../text/writing.ts";
import type {
  ToolCall,
  ToolCallingOptions,
  ToolCallingResult,
  ToolDefinition,
  ToolResult,
} from "./tool-types.ts";
import { plain, toolValues } from "./tool-values.ts";

/**
 * @param most how many calls there may still be
 * @param execute runs a call; it never fails
 */
export async function rounds(
  messages: ChatMessage[],
  options: ToolCallingOptions,
  most: number,
  tools: ToolDefinition[],
  execute: (call: ToolCall) => Promise<ToolResult>,
): Promise<ToolCallingResult> {
  const { autoExecute = true, keepToolsAvailable = false, temperature = 0.3, maxTokens = 1024 } = options;
  const offered = tools.map(toolSpec);
  const rest = options.systemPrompt === undefined ? {} : { systemPrompt: options.systemPrompt };
  const toolCalls: ToolCall[] = [];
  const toolResults: ToolResult[] = [];
  while (true) {
    const may =
      offered.length > 0 && toolCalls.length < most && (keepToolsAvailable || toolCalls.length === 0);
    const { completion } = await ask(
      messages,
      { temperature, maxTokens, ...rest },
      may ? { tools: offered } : {},
    );
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
      const result = await execute(call);
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

/** A call as the engine has it. */
export const wireCall = ({ toolName, arguments: args, callId = "call_0" }: ToolCall): WireCall => ({
  id: callId,
  type: "function",
  function: { name: toolName, arguments: JSON.stringify(plain(args)) },
});

export const resultMessage = ({ success, result, error }: ToolResult, callId = "call_0"): ChatMessage => ({
  role: "tool",
  tool_call_id: callId,
  content: JSON.stringify(success ? plain(result ?? {}) : { error: error ?? "Unknown error" }),
});
