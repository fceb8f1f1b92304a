/** What many rooms say. */
import type { All } from "../rooms.ts";

export const tabs: All<"tabs"> = {
  chat: "Chat",
  vision: "Sehen",
  documents: "Dokumente",
  storage: "Speicher",
  agents: "Agenten",
  voice: "Gespräch",
  transcribe: "Mitschreiben",
  speak: "Vorlesen",
  here: "Nichts verlässt dieses Gerät.",
  chatGoes: "Diese Unterhaltung geht an {server}.",
  voiceGoes: "Was du sagst, geht als Text an {server}; deine Stimme nicht.",
  spokenHere: "Was gesprochen wird, bleibt auf diesem Gerät.",
  agentsHere: "Deine Agenten bleiben in diesem Browser.",
  storedHere: "All das liegt in diesem Browser, sonst nirgends.",
};

export const common: All<"common"> = {
  add: "Hinzufügen",
  again: "Noch einmal versuchen",
  cancel: "Abbrechen",
  close: "Schließen",
  copy: "Kopieren",
  keep: "Behalten",
  preparing: "Wird vorbereitet …",
  remove: "Entfernen",
  removeIt: "{name} entfernen",
  stop: "Stopp",
};
