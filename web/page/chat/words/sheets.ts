/** What the sheets of a conversation say: its tools, its folder, its servers, what happened in it. */
import { words } from "../../kit/words.ts";

export const w = words("chat-sheets", {
  tools: "Tools of this conversation",
  aboutTools:
    "A small model loses its way among many tools: give it the few that it needs here. New conversations begin with none.",
  later: "They can be changed when the answer is written.",
  fromNext: "What is changed holds from the next message on.",

  folder: "Folder",
  worksIn: "Works in “{folder}”",
  worksNowhere: "Works in no folder",
  allowAgain: "Allow again",
  takeAway: "Take away",
  addTools: "Add tools",
  allowAsked: "The browser wants you to allow it again.",
  folderGone: "It is gone from this device.",
  folderTools:
    "To read and change files a model needs Amplifier’s tool-filesystem and tool-search: add their wheels.",
  aboutFolder: "In a folder of yours a model reads files, and changes them after it asked you.",
  anotherFolder: "Another folder",
  chooseFolder: "Choose a folder",
  chooseFiles: "Choose files",

  activity: "Activity",
  filter: "Show events with these words",
  filterHint: "tool, error, add…",
  export: "Export",
  events: "Events",
  asking: "Asking Python…",
  everybody: "Everybody",
  conversation: "The conversation",
  whose: "Whose events to show",
  said: "What it said",
  tokens: { one: "{count} token", other: "{count} tokens" },
  eventCount: { one: "{count} event", other: "{count} events" },
  withModel: "{time} with the model",
});

export const servers = words("servers", {
  title: "Servers",
  about:
    "Tools, prompts and files of a server of yours or of a service (MCP). What a tool of theirs is given {leaves}; each asks you first.",
  leaves: "leaves this device",
  add: "Add a server",
  name: "Name",
  nameHint: "What you call it",
  token: "Token",
  asking: "Asking the server…",
  signIn: "Sign in at {server}",
  askAgain: "Ask again",
  forget: "Forget",
  unknown: "Asking it…",
  unreachable: "It cannot be reached.",
  tools: { one: "{count} tool", other: "{count} tools" },
  chosen: "{tools} ({chosen} of them chosen)",
  prompts: { one: "{count} prompt", other: "{count} prompts" },
  files: { one: "{count} file", other: "{count} files" },
  nothing: "It offers nothing.",
  offers: "What it offers",
  leftOut: "Left out: {name}, because {reason}.",
  attach: "Attach",
  write: "Write it",
});
