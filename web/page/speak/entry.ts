/** The Speak tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const speak: Tab = {
  id: "speak",
  get name() {
    return w.speak;
  },
  icon: icons.sound,
  address: "speak",
  digit: 7,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<speak-tab .workbench=${workbench}></speak-tab>`,
  privacy: () => w.spokenHere,
};
