/** What can be gone to and done from the palette. */
import type { AgentEntry, ConversationSummary, ModelEntry } from "../../sdk/index.ts";
import { PARTS } from "../settings/parts.ts";
import { CHOICES, type ChoiceName, choices } from "../state/choices.ts";
import type { Tab } from "../state/tab.ts";
import { keysOf } from "./tab-keys.ts";

export interface PaletteItem {
  /** For whoever looks it up: unique, and the same each time. */
  id: string;
  /** Its kind, as a person calls it. */
  kind: "Do" | "Go to" | "Setting" | "Conversation" | "Model" | "Agent";
  name: string;
  /** Other words for it, by which it is found too. */
  also?: string;
  keys?: string;
  run(): void;
}

/** What of the page the palette can do. */
export interface PaletteActions {
  openTab(tab: Tab): void;
  openPart(part: string): void;
  startNew(): void;
  open(id: string): void;
  chooseModel(): void;
  use(model: string): void;
  startWith(agent: { id: string; name: string }): void;
  showKeys(): void;
  export(): void;
  stop(): void;
}

interface Known {
  tabs: readonly Tab[];
  /** The whole workbench is here, not one agent alone. */
  workbench: boolean;
  /** An answer is being written in the open conversation. */
  busy: boolean;
  conversations: readonly ConversationSummary[];
  models: readonly ModelEntry[];
  agents: readonly AgentEntry[];
}

/** All of them: what one does most stands first. */
export function paletteItems(known: Known, actions: PaletteActions): PaletteItem[] {
  const { tabs, workbench, busy, conversations, models, agents } = known;
  const item = (
    kind: PaletteItem["kind"],
    id: string,
    name: string,
    run: () => void,
    more = {},
  ): PaletteItem => ({
    ...{ kind, id, name, run },
    ...more,
  });
  const stop = item("Do", "stop", "Stop the answer", () => actions.stop(), { keys: "Esc" });
  const exporting = item("Do", "export", "Export all conversations", () => actions.export(), {
    also: "save backup download",
  });
  return [
    ...(busy ? [stop] : []),
    item("Do", "new", "New conversation", () => actions.startNew(), { also: "chat", keys: "Ctrl+Shift+O" }),
    item("Do", "model", "Choose what answers…", () => actions.chooseModel(), { also: "model server" }),
    item("Do", "keys", "Keys", () => actions.showKeys(), { also: "shortcuts keyboard help", keys: "?" }),
    ...(conversations.length ? [exporting] : []),
    ...tabs.map((tab) =>
      item("Go to", `tab-${tab.id}`, tab.name, () => actions.openTab(tab), { keys: keysOf(tab) }),
    ),
    ...(workbench
      ? Object.entries(PARTS).map(([part, name]) =>
          item("Setting", `setting-${part}`, name, () => actions.openPart(part), { also: "settings" }),
        )
      : []),
    ...looks().map(({ id, name, also, run }) => item("Setting", id, name, run, { also })),
    ...conversations.map(({ id, title }) =>
      item("Conversation", `conversation-${id}`, title || "Without a title", () => actions.open(id)),
    ),
    ...models.map(({ id, name }) =>
      item("Model", `model-${id}`, `Answer with ${name}`, () => actions.use(id), { also: id }),
    ),
    ...agents.map(({ id, name, description }) =>
      item("Agent", `agent-${id}`, `Talk with ${name}`, () => actions.startWith({ id, name }), {
        also: description,
      }),
    ),
  ];
}

/** The colours that do not stand, and the other sizes of text. */
function looks(): { id: string; name: string; also: string; run(): void }[] {
  const NAMES = {
    theme: { auto: "Colours as the system", light: "Light colours", dark: "Dark colours" },
    text: {
      usual: "Text in its usual size",
      small: "Small text",
      large: "Large text",
      larger: "Larger text",
    },
  } as const;
  return (["theme", "text"] as const).flatMap((name: "theme" | ("text" & ChoiceName)) => {
    const words: Readonly<Record<string, string>> = NAMES[name];
    return CHOICES[name]
      .filter((value) => value !== choices.get(name))
      .map((value) => ({
        id: `look-${name}-${value}`,
        name: words[value] ?? value,
        also: "appearance theme mode size",
        run: () => choices.set(name, value),
      }));
  });
}
