/** The Voice tab; its script comes when it is first opened. */
import { html } from "lit";
import { HERE } from "../kit/model-words.ts";
import { microphone } from "../kit/sound-icons.ts";
import type { Tab } from "../state/tab.ts";

export const voice: Tab = {
  id: "voice",
  name: "Voice",
  icon: microphone,
  address: "voice",
  digit: 5,
  load: () => import("./tab.ts"),
  draw: ({ workbench }) => html`<voice-tab .workbench=${workbench}></voice-tab>`,
  conversation: true,
  privacy: ({ thread: { choice } }) =>
    choice?.provider === "openai"
      ? `What you say goes to ${choice.device} as text; your voice does not.`
      : HERE,
};
