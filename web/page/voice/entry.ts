/** The Voice tab; its script comes when it is first opened. */
import { html } from "lit";
import { microphone } from "../kit/sound-icons.ts";
import { w } from "../kit/words/tabs.ts";
import type { Tab } from "../state/tab.ts";

export const voice: Tab = {
  id: "voice",
  get name() {
    return w.voice;
  },
  icon: microphone,
  address: "voice",
  digit: 5,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<voice-tab .workbench=${workbench}></voice-tab>`,
  conversation: true,
  privacy: ({ thread: { choice } }) =>
    choice?.provider === "openai" ? w.voiceGoes({ server: choice.device }) : w.here,
};
