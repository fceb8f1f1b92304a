/** The Storage tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const storage: Tab = {
  id: "storage",
  get name() {
    return w.storage;
  },
  icon: icons.disk,
  address: "storage",
  digit: 8,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<storage-tab .workbench=${workbench}></storage-tab>`,
  privacy: () => w.storedHere,
};
