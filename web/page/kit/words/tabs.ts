/** What the tabs are called, and who gets what is said or shown there. */
import { words } from "../words.ts";

export const w = words("tabs", {
  chat: "Chat",
  vision: "Vision",
  documents: "Documents",
  storage: "Storage",
  agents: "Agents",
  voice: "Voice",
  transcribe: "Transcribe",
  speak: "Speak",
  settings: "Settings",
  here: "Nothing leaves this device.",
  chatGoes: "This conversation goes to {server}.",
  voiceGoes: "What you say goes to {server} as text; your voice does not.",
  framesGo: "Frames go to {server}.",
  spokenHere: "What is spoken stays on this device.",
  agentsHere: "Your agents are kept in this browser.",
  settingsHere: "What you set stays in this browser.",
  storedHere: "All of this lies in this browser, nowhere else.",
});
