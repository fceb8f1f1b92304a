/** What is told of an agent, in plain words. */
import type { AgentEntry, Alcove } from "../../sdk/index.ts";
import { titles } from "../kit/words/tools.ts";
import { list, words } from "../kit/words.ts";

export const w = words("agents", {
  drop: "Drop a bundle here",
  looking: "Asking Python who is there…",
  about:
    "An agent is a set of instructions, the tools that it may use, and a model if it needs one of its own.",
  here: "Who is here",

  justAdded: "just added",
  asks: "{tool}: asks you first",
  noTools: "no tools",
  crowded: "That leaves this model little room to talk. Choose a larger one for it.",
  answeredBy: "answered by {model}",
  asksServers: { one: "asks the server {names}", other: "asks the servers {names}" },
  leftOut: { one: "One part is left out", other: "{count} parts are left out" },
  mounted: "Mounted: {names}.",
  chat: "Chat with it",
  edit: "Edit",
  duplicate: "Duplicate",
  exportIt: "Export {name}",
  export: "Export as a bundle",
  ask: "Remove {name} from this device? Its conversations stay. Export it first if you want it back.",
  removeIt: "Remove it",
  tokens: "about {tokens} tokens",
  tokensOf: "about {tokens} of the model’s {window} tokens",
  asksFor: {
    one: "It asks for your MCP server {names}, and gets it only if you tick it among a conversation’s tools.",
    other:
      "It asks for your MCP servers {names}, and gets those only if you tick those among a conversation’s tools.",
  },
  quoted: "“{name}”",

  add: "Add an agent",
  aboutAdding:
    "A bundle as Amplifier has them: a markdown or YAML file, a folder, or a zip with the repositories that it names. Code that it brings runs in this tab, with what Python may do here: add only what you trust. Its tools ask you first, unless they say that they only read.",
  adding: "Reading it, and trying its modules…",
  new: "New agent",
  newName: "My agent",
  newAbout: "What it is for.",
  newInstruction: "You are a helpful assistant. Say here what it is to do, and how.",
  chooseFile: "Choose a file",
  chooseFolder: "Choose a folder",
  paste: "Or its address, or its text",
  pasteHint: "https://… or the bundle itself",

  save: "Save",
  saving: "Trying it…",
  toForm: "Back to the form",
  toFile: "Edit the file itself",
  name: "Name",
  purpose: "What it is for",
  instructions: "Instructions",
  model: "Answered by",
  anyModel: "Whatever I use",
  tools: "Tools",
  others: "It also has, from its own modules: {names}.",
  included: "{tool} (comes with what it includes)",
  asksFirst: "{may}; asks you first",

  addPython: "Add Python",
  aboutPython:
    "Modules that agents name (tools, hooks, orchestrators) come as wheels, as their makers publish them. They stay on this device. Their code runs in this tab: add only what you trust.",
  installing: "Installing…",
  chooseWheels: "Choose wheels",
  brought: "{what} is installed, with {modules}: agents have it from their next conversation on.",
  broughtNone: "{what} is installed. It brings no module for an agent.",
  shadowed: "Not reached, as another of the name was there before: {names}.",
});

const TITLES: Readonly<Record<string, string | undefined>> = titles;

/** A tool as a person calls it. */
export const toolTitle = (name: string): string => TITLES[name] ?? name;

/** "about 210 of the model's 2,048 tokens": what an agent takes of the window before a word is said. */
export function cost({ tokens }: Pick<AgentEntry, "tokens">, window: number | undefined): string {
  return window ? w.tokensOf({ tokens, window }) : w.tokens({ tokens });
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
  const names = list(ownServers.map((name) => w.quoted({ name })));
  return w.asksFor({ count: ownServers.length, names });
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
  if (!modules.length) return w.broughtNone({ what });
  const said = w.brought({ what, modules: list(modules) });
  return shadowed.length ? `${said} ${w.shadowed({ names: list(shadowed) })}` : said;
}
