/** `ToolCalling`: a model that writes calls functions of the page, round by round, until it answers. */
import type { ChatMessage } from "../../../../workers/engine/contract.ts";
import { SDKError, SDKErrorCode } from "../errors.ts";
import { SDKLogger } from "../logger.ts";
import type {
  ToolCall,
  ToolCallingOptions,
  ToolCallingResult,
  ToolDefinition,
  ToolExecutor,
  ToolResult,
} from "./tool-types.ts";
import { plain, toolValues } from "./tool-values.ts";

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
    return run([{ role: "user", content: prompt }], options, options.maxToolCalls ?? MOST_CALLS);
  },

  /**
   * Goes on after a call that the page ran itself (`autoExecute: false`).
   * @throws SDKError as `TextGeneration.generate`
   */
  async continueWithToolResult(
    previousPrompt: string,
    toolCall: ToolCall,
    toolResult: ToolResult,
    options: ToolCallingOptions = {},
  ): Promise<ToolCallingResult> {
    const { resultMessage, wireCall } = await import("./tool-rounds.ts");
    const messages: ChatMessage[] = [
      { role: "user", content: previousPrompt },
      { role: "assistant", content: null, tool_calls: [wireCall(toolCall)] },
      resultMessage(toolResult, toolCall.callId),
    ];
    const left = (options.maxToolCalls ?? MOST_CALLS) - 1;
    return run(messages, options, options.keepToolsAvailable ? left : 0);
  },
};

async function run(
  messages: ChatMessage[],
  options: ToolCallingOptions,
  most: number,
): Promise<ToolCallingResult> {
  const { rounds } = await import("./tool-rounds.ts");
  const tools = options.tools ?? ToolCalling.getRegisteredTools();
  return rounds(messages, options, most, tools, ToolCalling.executeTool);
}
