/** What can be gone to and done from the palette. */
import type { AgentEntry, ConversationSummary, ModelEntry } from "../../sdk/index.ts";
import { PARTS, partNames } from "../settings/part-words.ts";
import { CHOICES, choices } from "../state/choices.ts";
import type { Tab } from "../state/tab.ts";
import { w } from "./palette-words.ts";
import { keysOf } from "./tab-keys.ts";

export interface PaletteItem {
  /** For whoever looks it up: unique, and the same each time. */
  id: string;
  /** Its kind, as a person calls it. */
  kind: "do" | "go" | "setting" | "conversation" | "model" | "agent";
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
  search(): void;
  open(id: string): void;
  chooseModel(): void;
  use(model: string): void;
  startWith(agent: { id: string; name: string }): void;
  showKeys(): void;
  export(): void;
  stop(): void;
  quote(): void;
}

interface Known {
  tabs: readonly Tab[];
  /** The whole workbench is here, not one agent alone. */
  workbench: boolean;
  /** An answer is being written in the open conversation. */
  busy: boolean;
  /** Something of an answer is selected. */
  selected: boolean;
  conversations: readonly ConversationSummary[];
  models: readonly ModelEntry[];
  agents: readonly AgentEntry[];
}

/** All of them: what one does most stands first. */
export function paletteItems(known: Known, actions: PaletteActions): PaletteItem[] {
  const { tabs, workbench, busy, selected, conversations, models, agents } = known;
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
  const stop = item("do", "stop", w.stop, () => actions.stop(), { keys: "Esc" });
  const searching = item("do", "search", w.search, () => actions.search(), { also: w.alsoSearch });
  const exporting = item("do", "export", w.export, () => actions.export(), { also: w.alsoExport });
  return [
    ...(selected ? [item("do", "quote", w.quote, () => actions.quote(), { also: w.alsoQuote })] : []),
    ...(busy ? [stop] : []),
    item("do", "new", w.new, () => actions.startNew(), { also: w.alsoNew, keys: "Ctrl+Shift+O" }),
    item("do", "model", w.choose, () => actions.chooseModel(), { also: w.alsoChoose }),
    item("do", "keys", w.keys, () => actions.showKeys(), { also: w.alsoKeys, keys: "?" }),
    ...(conversations.length ? [searching, exporting] : []),
    ...tabs.map((tab) =>
      item("go", `tab-${tab.id}`, tab.name, () => actions.openTab(tab), { keys: keysOf(tab) }),
    ),
    ...(workbench ? PARTS : []).map((part) =>
      item("setting", `setting-${part}`, partNames[part], () => actions.openPart(part), {
        also: w.alsoSettings,
      }),
    ),
    ...looks().map(({ id, name, run }) => item("setting", id, name, run, { also: w.alsoLooks })),
    ...conversations.map(({ id, title }) =>
      item("conversation", `conversation-${id}`, title || w.untitled, () => actions.open(id)),
    ),
    ...models.map(({ id, name }) =>
      item("model", `model-${id}`, w.answerWith({ name }), () => actions.use(id), { also: id }),
    ),
    ...agents.map(({ id, name, description }) =>
      item("agent", `agent-${id}`, w.talkWith({ name }), () => actions.startWith({ id, name }), {
        also: description,
      }),
    ),
  ];
}

/** The colours and the sizes of text that do not stand. */
function looks(): { id: string; name: string; run(): void }[] {
  const themes = CHOICES.theme.map((value) => ({
    ...{ id: `look-theme-${value}`, name: w[`theme_${value}`], stands: value === choices.get("theme") },
    run: () => choices.set("theme", value),
  }));
  const sizes = CHOICES.text.map((value) => ({
    ...{ id: `look-text-${value}`, name: w[`text_${value}`], stands: value === choices.get("text") },
    run: () => choices.set("text", value),
  }));
  return [...themes, ...sizes].filter(({ stands }) => !stands);
}
