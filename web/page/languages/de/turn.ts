import type { All } from "../rooms.ts";

export const turn: All<"turn"> = {
  more: "Mehr",
  copyMarkdown: "Als Markdown kopieren",
  copyMessage: "Kopieren",
  copyAll: "Die ganze Unterhaltung kopieren",
  copied: "Kopiert.",
  notCopied: "Der Browser hat das Kopieren nicht erlaubt.",
  quote: "Zitieren",
  quoteSelection: "Auswahl zitieren",
  answerWith: "Neu antworten mit …",
  anotherModel: "Anderes Modell …",
  delete: "Diese Runde löschen",
  deleted: "Die Frage und ihre Antwort wurden gelöscht.",
  undo: "Rückgängig",
  you: "Du",
  details: "Einzelheiten",
  tokens: { one: "{count} Token", other: "{count} Token" },
  perSecond: "{speed} Token/s",
  firstWord: "erstes Wort nach {time} s",
  noDetails: "Es ist nicht bekannt, wann das gesagt wurde.",
};
