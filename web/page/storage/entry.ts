/** The Storage tab; its script comes when it is first opened. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import type { Tab } from "../state/tab.ts";

export const storage: Tab = {
  id: "storage",
  name: "Storage",
  icon: icons.disk,
  address: "storage",
  digit: 3,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<storage-tab .workbench=${workbench}></storage-tab>`,
  privacy: () => "All of this lies in this browser, nowhere else.",
};
