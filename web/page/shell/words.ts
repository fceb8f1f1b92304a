/** What stands around the tabs. */
import { words } from "../kit/words.ts";

export const w = words("shell", {
  agent: "This conversation is with {name}",
  sidebar: "Sidebar",
  conversations: "Conversations",
  newConversation: "New conversation",
  newConversationKey: "New conversation (Ctrl+Shift+O)",
  tabs: "Tabs",
  tabFailed: "The {tab} tab could not be loaded.",
  tabFailedAction: "Check the connection and try again.",
  export: "Export",
  crashed:
    "The browser closed Alcove while it loaded {model}, mostly a sign that memory was short. It is not loaded by itself now.",
  use: "Use {model}",
  reload: "Reload",
  reloading: "Reloading…",
});

export const themes = words("themes", {
  auto: "Colours: as the system",
  light: "Colours: light",
  dark: "Colours: dark",
});
