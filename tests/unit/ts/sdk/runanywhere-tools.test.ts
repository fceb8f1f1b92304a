/** ToolCalling: which calls of a model are run, and which never. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Alcove } from "../../../../web/sdk/alcove.ts";

Object.assign(globalThis, { __BUILD__: {} });
const { moveIn } = await import("../../../../web/sdk/runanywhere/standing.ts");
const { setInitialized } = await import("../../../../web/sdk/runanywhere/home.ts");
const { setWriter, stopAll } = await import("../../../../web/sdk/runanywhere/text/writer.ts");
const { ToolCalling } = await import("../../../../web/sdk/runanywhere/tools/tool-calling.ts");
const { LLMFramework, HardwareAcceleration } = await import("../../../../web/sdk/runanywhere/names.ts");

type Turn = { text?: string; call?: [name: string, args: string]; finish?: string };

const tool = (name: string) => ({ name, description: "", parameters: [] });

/** A model that says `turns`, one after the other, and two tools that are registered. */
function lab(...turns: Turn[]) {
  const ran: string[] = [];
  let asked = 0;
  const complete = async (_: unknown, { signal }: { signal: AbortSignal }) => {
    if (signal.aborted) throw new Error("It was asked after it was cancelled.");
    const { text = null, call, finish = call ? "tool_calls" : "stop" } = turns[asked++] as Turn;
    const [name, args] = call ?? [];
    const calls = call
      ? { tool_calls: [{ id: "c", type: "function", function: { name, arguments: args } }] }
      : {};
    return { choices: [{ message: { role: "assistant", content: text, ...calls }, finish_reason: finish }] };
  };
  moveIn(
    Promise.resolve({ closed: false, complete, models: { register: () => undefined } } as unknown as Alcove),
  );
  setInitialized(true);
  setWriter({ id: "m", framework: LLMFramework.LlamaCpp, hardware: HardwareAcceleration.CPU });
  ToolCalling.clearTools();
  for (const name of ["read", "erase"]) {
    ToolCalling.registerTool(tool(name), async () => {
      ran.push(name);
      if (name === "read") stopping();
      return {};
    });
  }
  let stopping: () => void = () => undefined;
  const cancelWhileItRuns = () => {
    stopping = stopAll;
  };
  return { ran, cancelWhileItRuns, asked: () => asked };
}

test("a tool that was not offered is not run, though it is registered", async () => {
  const { ran } = lab({ call: ["erase", "{}"] }, { text: "I cannot." });
  const { text, toolResults } = await ToolCalling.generateWithTools("Hi", { tools: [tool("read")] });
  assert.deepEqual([ran, text], [[], "I cannot."]);
  assert.deepEqual([toolResults[0]?.success, toolResults[0]?.error], [false, "Unknown tool: erase"]);
});

test("a call that comes when none may come any more is not run", async () => {
  const { ran } = lab({ call: ["read", "{}"] }, { text: "Done.", call: ["erase", "{}"] });
  const { text, toolCalls } = await ToolCalling.generateWithTools("Hi");
  assert.deepEqual([ran, text, toolCalls.length], [["read"], "Done.", 1]);
});

test("a call whose arguments were cut off is not run without them", async () => {
  const { ran } = lab({ call: ["erase", '{"only": "ol'], finish: "length" }, { text: "Sorry." });
  const { toolResults } = await ToolCalling.generateWithTools("Hi");
  assert.deepEqual([ran, toolResults[0]?.error], [[], "The arguments are no JSON object."]);
});

test("what is cancelled runs no tool, not even a call that came whole", async () => {
  const { ran } = lab({ call: ["erase", "{}"], finish: "cancelled" });
  const { isComplete, toolCalls } = await ToolCalling.generateWithTools("Hi");
  assert.deepEqual([ran, isComplete, toolCalls], [[], false, []]);
});

test("what is cancelled while a tool runs ends with it", async () => {
  const { ran, cancelWhileItRuns, asked } = lab({ call: ["read", "{}"] }, { text: "On it went." });
  cancelWhileItRuns();
  const { isComplete, toolResults } = await ToolCalling.generateWithTools("Hi");
  assert.deepEqual([ran, isComplete, toolResults.length, asked()], [["read"], false, 1, 1]);
});
