/** Rounds of asking, calling and telling, until a model answers. */
import type { ChatMessage, ToolSpec, ToolCall as WireCall } from "../../../../workers/engine/contract.ts";
import { stopped } from "../text/writer.ts";
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
  // Of all rounds: what is cancelled while a tool runs does not go on after it.
  const signal = stopped();
  while (true) {
    const may =
      offered.length > 0 && toolCalls.length < most && (keepToolsAvailable || toolCalls.length === 0);
    const { completion } = await ask(
      messages,
      { temperature, maxTokens, ...rest },
      may ? { tools: offered } : {},
      { signal },
    );
    const { message, finish_reason } = completion.choices[0];
    const text = message.content ?? "";
    const cancelled = finish_reason === "cancelled";
    // Where it was cancelled, a call may be half of one.
    const calls = may && !cancelled ? (message.tool_calls ?? []).slice(0, most - toolCalls.length) : [];
    if (calls.length === 0) return { text, toolCalls, toolResults, isComplete: !cancelled };
    const made = calls.map(toolCall);
    toolCalls.push(...made);
    if (!autoExecute) return { text, toolCalls, toolResults, isComplete: false };
    messages.push({ role: "assistant", content: message.content, tool_calls: calls });
    for (const [at, call] of made.entries()) {
      const error = refusal(calls[at] as WireCall, offered);
      const { arguments: _, ...told } = call;
      const result = error === null ? await execute(call) : { ...told, success: false, error };
      toolResults.push(result);
      messages.push(resultMessage(result, call.callId));
      if (signal.aborted) return { text, toolCalls, toolResults, isComplete: false };
    }
  }
}

/** Why a call is not run, as the model is told it; null where it is. */
function refusal({ function: { name, arguments: args } }: WireCall, offered: ToolSpec[]): string | null {
  // One that is registered may be kept from this question.
  if (!offered.some((tool) => tool.function.name === name)) return `Unknown tool: ${name}`;
  return parsed(args) ? null : "The arguments are no JSON object.";
}

/** Undefined where it is no object: cut off by its limit, mostly. */
function parsed(args: string): object | undefined {
  try {
    const given: unknown = JSON.parse(args || "{}");
    return typeof given === "object" && given !== null && !Array.isArray(given) ? given : undefined;
  } catch {
    return undefined;
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

function toolCall({ id, function: { name, arguments: args } }: WireCall): ToolCall {
  return { toolName: name, arguments: toolValues(parsed(args) ?? {}), callId: id };
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
