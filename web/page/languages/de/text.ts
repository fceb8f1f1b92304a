import type { All } from "../rooms.ts";

export const text: All<"text"> = {
  copied: "Kopiert",
  couldNotCopy: "Kopieren nicht möglich",
  copyCode: "Code kopieren",
  wrap: "Umbrechen",
  wrapLines: "Lange Zeilen umbrechen",
  download: "Herunterladen",
  downloadCode: "Code herunterladen",
  show: "Zeigen",
  showPicture: "Als Bild zeigen",
  hide: "Verbergen",
  code: "Code",
  codeIn: "Code, {language}",
  table: "Tabelle",
  formula: "Formel",
  picture: "Bild",
  pictureOf: "Das Bild zu diesem Code",
  tooLong: "Das ist zu lang, um gezeichnet zu werden.",
  notDrawn:
    "Das lässt sich nicht zeichnen. Vielleicht ist es nicht vollständig, oder Alcove kennt diese Art nicht.",
  openLink: "Diesen Link öffnen?",
  outside: "Er öffnet sich außerhalb von Alcove, in einem neuen Tab.",
  open: "Öffnen",
  whatToDo: "Was damit geschehen soll",
};
