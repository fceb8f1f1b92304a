/** The Settings tab; its script comes when it is first opened. */
import { html, svg } from "lit";
import { icon } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const settings: Tab = {
  id: "settings",
  get name() {
    return w.settings;
  },
  icon: icon(
    svg`<path d="M3 6h8.2M15.2 6H17M3 14h1.8M8.8 14H17" /><circle cx="13.2" cy="6" r="2" /><circle cx="6.8" cy="14" r="2" />`,
  ),
  address: "settings",
  digit: 9,
  load: () => import("./tab.ts"),
  draw: ({ workbench, take }) => html`<settings-tab .workbench=${workbench} .take=${take}></settings-tab>`,
  privacy: () => w.settingsHere,
};
