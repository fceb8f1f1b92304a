/** The Documents tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const documents: Tab = {
  id: "documents",
  get name() {
    return w.documents;
  },
  icon: icons.document,
  address: "documents",
  digit: 3,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<documents-tab .workbench=${workbench}></documents-tab>`,
  privacy: () => w.here,
};
