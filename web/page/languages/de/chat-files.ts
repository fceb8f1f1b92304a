import type { All } from "../rooms.ts";

export const chatFiles: All<"chat-files"> = {
  toSend: "Dateien zum Senden",
  forCode: "Das Modell öffnet sie mit seinem Python-Werkzeug, das mit ihnen eingeschaltet wird.",
  asText: "Als Text lesen",
  textOf: "{file}, etwa {tokens} Token",
  beginningOf: "{file}, der Anfang: etwa {tokens} Token",
  tooLong:
    "Das sind etwa {tokens} Token Text. {model} liest {window} auf einmal, das zuvor Gesagte eingeschlossen.",
  muchTooLong: "Das sind etwa {tokens} Token Text, zu viel für eine Nachricht.",
  shorten: "Nur den Anfang senden",
  toDocuments: "Zu den Dokumenten legen und dort fragen",
  reading: "Wird gelesen …",
  sent: "Dateien dieser Nachricht",
  letters: "{count} Zeichen",
  lettersOf: "die ersten {count} von {whole} Zeichen",
  noText: "In „{name}“ steht kein Text.",

  waits: "Wird gesendet, wenn die Antwort fertig ist",
  held: "Wartet, bis du es sendest",
  queue: "Nachrichten, die warten",
  sendNow: "Die Antwort anhalten und dies jetzt senden",
  send: "Senden",
  pictures: { one: "{count} Bild", other: "{count} Bilder" },
  files: { one: "{count} Datei", other: "{count} Dateien" },
};
