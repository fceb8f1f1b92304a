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
  conversation: "Conversation",
  answering: "Answering",
  title: "Title of the conversation",
  listOpening: "Opening your conversations…",
  listEmpty: "Your conversations will be kept here.",
  listFailed: "Your conversations cannot be read at the moment. Alcove goes on trying.",
  pinned: "Pinned",
  archived: "Archived",
  more: "More for {name}",
  moreShort: "More",
  pin: "Pin",
  unpin: "Unpin",
  rename: "Rename",
  move: "Move to a folder",
  newFolder: "New folder",
  noFolder: "Out of its folder",
  folderName: "Name of the folder",
  dissolve: "Remove the folder",
  archive: "Archive",
  unarchive: "Back to the list",
  exportOne: "Export",
  delete: "Delete",
  deleted: "Deleted.",
  undo: "Undo",
});

export const themes = words("themes", {
  auto: "Colours: as the system",
  light: "Colours: light",
  dark: "Colours: dark",
});
