/** What is heard and said. */
import type { All } from "../rooms.ts";

export const speak: All<"speak"> = {
  question: "Was soll gesagt werden?",
  about: "Eine Stimme, die in diesem Tab läuft, sagt es oder macht eine Datei daraus.",
  speak: "Sprechen",
  fetchAndSpeak: "Stimme holen ({size}) und sprechen",
  text: "Text zum Sprechen",
  hint: "Schreib oder füg ein, was gesprochen werden soll.",
  script: "Was gesprochen wird",
  voice: "Stimme",
  speed: "Tempo",
  save: "Als WAV sichern",
  making: "Die Datei entsteht",
  leftOut: "Ausgelassen: {names}.",
  noVoice: "Diese Website hat keine Stimme, und dein System auch nicht.",
  nothing: "Darin ist nichts, was sich sprechen lässt.",
};

export const transcribe: All<"transcribe"> = {
  question: "Was soll aufgeschrieben werden?",
  about:
    "Eine Aufnahme oder was du jetzt sagst wird auf diesem Gerät aufgeschrieben. Leg eine Ton- oder Videodatei hier ab.",
  drop: "Aufnahme hier ablegen",
  choose: "Datei wählen",
  recording: "Aufnahme",
  recordingOf: "Aufnahme vom {time}",
  record: "Aufnehmen",
  finish: "Fertig",
  loudness: "Lautstärke",
  done: "Aufgeschrieben",
  writing: "Wird aufgeschrieben",
  of: "{time} von {total}",
  none: "In {name} ist keine Sprache zu hören.",
  saveAs: "Als {format} sichern",
  plain: "Text",
};

export const aloud: All<"aloud"> = {
  read: "Vorlesen",
  readAnswer: "Antwort vorlesen",
  stop: "Vorlesen beenden",
  leftOut: "Ausgelassen: {names}.",
  needs: "Zum Sprechen wird einmal eine Stimme gebraucht: {size}.",
  fetch: "Holen und vorlesen",
  notNow: "Nicht jetzt",
};
