/**
 * Messages → the pieces of text that WebLLM would tokenise one by one. WebLLM's own way is not used: it reads
 * "$&" in a text as a pattern, and leaves out the end of a reply when it goes on with a conversation.
 */
import type { TextMessage } from "../engine/request.ts";
import type { ChatConfig, ConvTemplate } from "./manifest.ts";

/** Puts `text` where `place` is, without a meaning for "$". */
const fill = (template: string, place: string, text: string): string => template.replace(place, () => text);

/** Templates know user and assistant in turns: what else there is becomes the user's, and neighbours are joined. */
function inTurns(messages: TextMessage[]): { role: "user" | "assistant"; content: string }[] {
  const turns: { role: "user" | "assistant"; content: string }[] = [];
  for (const { role: given, content } of messages) {
    const role = given === "assistant" ? "assistant" : "user";
    const last = turns.at(-1);
    if (last?.role === role) last.content += `\n\n${content}`;
    else turns.push({ role, content });
  }
  return turns;
}

/**
 * The prompt of a conversation.
 * @param messages system messages first; `spellConversation` has taken the tools out
 * @param reply whether the model is to speak next
 * @returns texts that are tokenised one by one
 */
export function promptTexts(messages: TextMessage[], config: ChatConfig, reply: boolean): string[] {
  const template: ConvTemplate = { ...config.conv_template, ...config.conv_config };
  let start = 0;
  while (messages[start]?.role === "system") start++;
  const told = messages.slice(0, start).map(({ content }) => content);
  const system = systemText(told.length > 0 ? told.join("\n\n") : template.system_message, template);
  const texts = system === "" ? [] : [system];
  const contentSep = template.role_content_sep ?? ": ";
  const emptySep = template.role_empty_sep ?? ": ";
  for (const [i, { role, content }] of inTurns(messages.slice(start)).entries()) {
    const place = `{${role}_message}`;
    const shape = (template.role_templates?.[role] ?? place).replace("{function_string}", "");
    const said = fill(shape, place, content);
    const named = i > 0 || system === "" || template.add_role_after_system_message !== false;
    const header = named ? template.roles[role] + contentSep : "";
    const end = template.seps[i % template.seps.length] as string;
    // A reply is cut where it was cut when the model made it, so that its tokens are found again.
    if (role === "assistant" && contentSep === emptySep) texts.push(header, said, end);
    else texts.push(header + said + end);
  }
  if (reply) texts.push(template.roles.assistant + emptySep);
  return texts.filter((text) => text !== "");
}

function systemText(message: string, template: ConvTemplate): string {
  if (message === "" && template.render_empty_system_message === false) return "";
  return fill(template.system_template, "{system_message}", message ?? "");
}

/** The tokens of a prompt. */
export function promptTokens(
  messages: TextMessage[],
  config: ChatConfig,
  reply: boolean,
  encode: (text: string) => Iterable<number>,
): number[] {
  const prefix = config.conv_config?.system_prefix_token_ids ?? config.conv_template.system_prefix_token_ids;
  const tokens = [...(prefix ?? [])];
  for (const text of promptTexts(messages, config, reply))
    for (const token of encode(text)) tokens.push(token);
  return tokens;
}
