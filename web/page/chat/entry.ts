/** The Chat tab. It is what the page opens with, so its script is part of the first load. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { w } from "../kit/words/tabs.ts";
import { HOME } from "../state/route.ts";
import type { Tab } from "../state/tab.ts";
import "./view.ts";

export const chat: Tab = {
  id: "chat",
  get name() {
    return w.chat;
  },
  icon: icons.chat,
  address: HOME,
  digit: 1,
  conversation: true,
  kept: true,
  draw: ({ workbench, offline, take }) => html`<chat-view
    .alcove=${workbench.opened}
    .thread=${workbench.thread}
    .status=${workbench.status}
    .offline=${offline}
    .choice=${workbench.thread.choice}
    .take=${take}
  ></chat-view>`,
  privacy: ({ thread: { choice } }) =>
    choice?.provider === "openai" ? w.chatGoes({ server: choice.device }) : w.here,
};
