/** The Transcribe tab; its script comes when it is first opened. */
import { html } from "lit";
import { written } from "../kit/sound-icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const transcribe: Tab = {
  id: "transcribe",
  get name() {
    return w.transcribe;
  },
  icon: written,
  address: "transcribe",
  digit: 6,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<transcribe-tab .workbench=${workbench}></transcribe-tab>`,
  privacy: () => w.here,
};
