/**
 * Tools told in words, for models whose chat template has no place for them. How a call is spelled is up to
 * the engine, which holds the reply to that spelling.
 */
import type { ToolSpec } from "./contract.ts";
import type { PictureMessage, TextMessage } from "./request.ts";

/** How a reply says things; calls in the history are spelled as the model is asked to spell them. */
export interface Spelling {
  /** @param args JSON */
  call(name: string, args: string): string;
  /** Left out where an answer is plain text. */
  answer?: (text: string) => string;
}

/** What a piece of a reply said. */
export interface ToolReading {
  content?: string;
  call?: { name: string; arguments: string };
}

function instruction(tools: ToolSpec[], mayAnswer: boolean, spelling: Spelling): string {
  const list = tools.map(({ function: tool }) => {
    const about = tool.description ? `: ${tool.description}` : "";
    return `- ${tool.name}${about} Arguments: ${JSON.stringify(tool.parameters ?? {})}`;
  });
  const use = `To use a tool, reply with ${spelling.call("NAME", "{...}")}.`;
  const otherwise = spelling.answer ? `reply with ${spelling.answer("TEXT")}` : "answer in plain text";
  return `You can use these tools:\n${list.join("\n")}\n${use}${mayAnswer ? ` Otherwise ${otherwise}.` : ""}`;
}

function spellMessage<Message extends TextMessage | PictureMessage>(
  message: Message,
  names: Map<string, string>,
  structured: boolean,
  spelling: Spelling,
): Message | TextMessage {
  const { content } = message;
  if (typeof content !== "string") return message;
  if (message.role === "tool") {
    const name = names.get(message.tool_call_id ?? "") ?? message.name ?? "the tool";
    return { role: "user", content: `Result of ${name}: ${content}` };
  }
  if (message.role !== "assistant") return message;
  if (message.tool_calls?.length) {
    const calls = message.tool_calls.map(({ id, function: call }) => {
      names.set(id, call.name);
      return spelling.call(call.name, call.arguments || "{}");
    });
    return { role: "assistant", content: [content, ...calls].filter(Boolean).join("\n") };
  }
  return structured && spelling.answer ? { role: "assistant", content: spelling.answer(content) } : message;
}

/**
 * The conversation without tool messages: calls and results are spelled out, and `tools` are told in the
 * system message.
 * @param mayAnswer whether the model may answer instead of calling a tool
 */
export function spellConversation<Message extends TextMessage | PictureMessage>(
  conversation: Message[],
  tools: ToolSpec[] | undefined,
  mayAnswer: boolean,
  spelling: Spelling,
): (Message | TextMessage)[] {
  const names = new Map<string, string>();
  const messages = conversation.map((message) => spellMessage(message, names, tools !== undefined, spelling));
  if (!tools) return messages;
  const told = instruction(tools, mayAnswer, spelling);
  const [first, ...rest] = messages;
  return first?.role === "system"
    ? [{ ...first, content: `${first.content}\n\n${told}` }, ...rest]
    : [{ role: "system", content: told }, ...messages];
}
