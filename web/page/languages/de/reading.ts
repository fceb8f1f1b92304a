import type { All } from "../rooms.ts";

export const reading: All<"reading"> = {
  title: "Was dort steht",
  read: "Lesen",
  again: "Noch einmal lesen",
  hint: "Liest Gedrucktes Buchstabe für Buchstabe und zeigt, wo es steht.",
  reading: "Ich lese …",
  none: "Gedrucktes wurde darin nicht gefunden.",
  lines: { one: "{count} Zeile · in {time}", other: "{count} Zeilen · in {time}" },
  ask: "Dazu etwas fragen",
  copy: "Kopieren, was dort steht",
};
