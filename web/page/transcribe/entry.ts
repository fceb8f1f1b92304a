/** The Transcribe tab; its script comes when it is first opened. */
import { html } from "lit";
import { HERE } from "../kit/model-words.ts";
import { written } from "../kit/sound-icons.ts";
import type { Tab } from "../state/tab.ts";

export const transcribe: Tab = {
  id: "transcribe",
  name: "Transcribe",
  icon: written,
  address: "transcribe",
  digit: 6,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<transcribe-tab .workbench=${workbench}></transcribe-tab>`,
  privacy: () => HERE,
};
