/** What is told of an agent, in plain words. */
import type { AgentEntry, Alcove } from "../../sdk/index.ts";
import { TOOLS } from "../kit/tool-words.ts";

const TITLES = new Map<string, string>(TOOLS.map(({ name, title }) => [name, title]));

/** A tool as a person calls it. */
export const toolTitle = (name: string): string => TITLES.get(name) ?? name;

/** "about 210 of the model's 2,048 tokens": what an agent takes of the window before a word is said. */
export function cost({ tokens }: Pick<AgentEntry, "tokens">, window: number | undefined): string {
  const about = `about ${tokens.toLocaleString("en")}`;
  return window ? `${about} of the model’s ${window.toLocaleString("en")} tokens` : `${about} tokens`;
}

/** Whether hardly any room is left for a conversation. */
export const crowds = ({ tokens }: Pick<AgentEntry, "tokens">, window: number | undefined): boolean =>
  window !== undefined && tokens > window / 2;

/** The model that an agent names; null where it takes whatever the person uses. */
export function modelOf({
  providers,
}: Pick<AgentEntry, "providers">): { provider: string; model: string } | null {
  const [first] = providers;
  if (!first) return null;
  const model = first.config?.model ?? first.config?.default_model;
  return { provider: first.module.replace(/^provider-/, ""), model: typeof model === "string" ? model : "" };
}

/** Which of the person's own MCP servers an agent asks for, in a sentence; "" where it asks for none. */
export function asksFor({ ownServers = [] }: Pick<AgentEntry, "ownServers">): string {
  if (!ownServers.length) return "";
  const names = ownServers.map((id) => `“${id}”`).join(", ");
  const [what, them] = ownServers.length > 1 ? ["servers", "those"] : ["server", "it"];
  return `It asks for your MCP ${what} ${names}, and gets ${them} only if you tick ${them} among a conversation’s tools.`;
}

/** The hosts of the servers that an agent names: what is said to it, or what its tools are given, goes there. */
export function serversOf({ providers, servers = [] }: Pick<AgentEntry, "providers" | "servers">): string[] {
  const named = [...providers.flatMap(({ config }) => [config?.base_url, config?.host]), ...servers];
  const hosts = named.map((each) =>
    typeof each === "string" && URL.canParse(each) ? new URL(each).host : "",
  );
  return [...new Set(hosts)].filter(Boolean);
}

/** What a wheel brought, in a sentence; `file` is its name. */
export function broughtBy(
  { name, version, modules, shadowed }: Awaited<ReturnType<Alcove["python"]["install"]>>,
  file: string,
): string {
  const what = name ? `${name} ${version ?? ""}`.trim() : file;
  if (!modules.length) return `${what} is installed. It brings no module for an agent.`;
  const hidden = shadowed.length
    ? ` Not reached, as another of the name was there before: ${shadowed.join(", ")}.`
    : "";
  return `${what} is installed, with ${modules.join(", ")}: agents have it from their next conversation on.${hidden}`;
}
