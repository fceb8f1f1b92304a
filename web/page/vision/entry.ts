/** The Vision tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";
import { sentTo } from "./sent-to.ts";

export const vision: Tab = {
  id: "vision",
  get name() {
    return w.vision;
  },
  icon: icons.eye,
  address: "vision",
  digit: 2,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<vision-tab .workbench=${workbench}></vision-tab>`,
  privacy: () => (sentTo() === null ? w.here : w.framesGo({ server: sentTo() ?? "" })),
};
