/** The Agents tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const agents: Tab = {
  id: "agents",
  get name() {
    return w.agents;
  },
  icon: icons.agents,
  address: "agents",
  digit: 4,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<agents-tab .workbench=${workbench}></agents-tab>`,
  privacy: () => w.agentsHere,
};
