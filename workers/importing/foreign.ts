import { fromChatgpt, isChatgpt } from "./chatgpt.ts";
import { fromLibrechat, isLibrechat } from "./librechat.ts";
import { fromOpenWebui, isOpenWebui } from "./open-webui.ts";
import type { Found } from "./protocol.ts";
import { fieldsOf } from "./record.ts";

/** A conversation of another program; undefined for what is of none that is known here. */
export function foreign(given: unknown): Found | undefined {
  const fields = fieldsOf(given);
  if (isChatgpt(fields)) return fromChatgpt(fields);
  if (isOpenWebui(fields)) return fromOpenWebui(fields);
  return isLibrechat(fields) ? fromLibrechat(fields) : undefined;
}
