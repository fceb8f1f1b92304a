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
  settings: "Einstellungen",
  here: "Nichts verlässt dieses Gerät.",
  chatGoes: "Diese Unterhaltung geht an {server}.",
  voiceGoes: "Was du sagst, geht als Text an {server}; deine Stimme nicht.",
  framesGo: "Bilder gehen an {server}.",
  spokenHere: "Was gesprochen wird, bleibt auf diesem Gerät.",
  agentsHere: "Deine Agenten bleiben in diesem Browser.",
  settingsHere: "Was du einstellst, bleibt in diesem Browser.",
  storedHere: "All das liegt in diesem Browser, sonst nirgends.",
};

export const common: All<"common"> = {
  add: "Hinzufügen",
  again: "Noch einmal versuchen",
  cancel: "Abbrechen",
  close: "Schließen",
  closeKey: "Schließen (Esc)",
  copied: "Kopiert.",
  copy: "Kopieren",
  keep: "Behalten",
  notCopied: "Der Browser hat das Kopieren nicht erlaubt.",
  preparing: "Wird vorbereitet …",
  remove: "Entfernen",
  removeIt: "{name} entfernen",
  stop: "Stopp",
};

export const format: All<"format"> = {
  of: "{done} von {total}",
  speed: "{rate} Token/s",
  today: "Heute",
  yesterday: "Gestern",
  week: "Letzte 7 Tage",
  earlier: "Früher",
};

export const endings: All<"endings"> = {
  cancelled: "Abgebrochen",
  error: "Nicht fertig geworden",
  length: "An der Längengrenze angehalten",
  interrupted: "Abgerissen",
  content_filter: "Vom Server zurückgehalten",
};

export const steps: All<"steps"> = {
  retry: "Noch einmal versuchen",
  edit: "Nachricht bearbeiten",
  reload: "Seite neu laden",
  redownload: "Modell neu herunterladen",
  choose: "Anderes Modell wählen",
};

export const failure: All<"failure"> = {
  stopped: "Abgebrochen.",
  wrong: "In Alcove ist etwas schiefgegangen.",
  wrongAction:
    "Versuch es noch einmal. Passiert es wieder, lade die Seite neu; deine Unterhaltungen bleiben erhalten.",
  dismiss: "Ausblenden",
  said: "Was gesagt wurde",
};

export const approval: All<"approval"> = {
  title: "Alcove bittet um deine Erlaubnis",
  assistant: "Der Assistent",
  wants: "{who} möchte {tool} benutzen",
  wantsWith: "{who} möchte {tool} hiermit benutzen:",
  given: "Was {tool} bekommt",
};

export const approvalOptions: All<"approval-options"> = {
  "Allow once": "Einmal erlauben",
  "Allow in this conversation": "In dieser Unterhaltung erlauben",
  "Allow always": "Immer erlauben",
  Deny: "Ablehnen",
  "Never allow": "Nie erlauben",
};

export const tools: All<"tools"> = {
  calculator: "Rechner",
  clock: "Uhr",
  todo: "Schritte",
  python: "Python",
  look: "Augen",
  listen: "Ohren",
  say: "Stimme",
  storage: "Notizen",
  documents: "Dokumente",
  web_fetch: "Webseiten",
};

export const toolsAbout: All<"tools-about"> = {
  calculator: "Rechnet ohne zu runden, so lang die Zahlen auch sind.",
  clock: "Datum und Uhrzeit, Zeitzonen, wie weit zwei Tage auseinanderliegen.",
  todo: "Eine Liste von Schritten für längere Aufgaben, in der Unterhaltung aufgehoben.",
  python:
    "Führt Code aus, den das Modell schreibt, und zeichnet Bilder. Er erreicht weder diese Seite noch das Netz.",
  look: "Schaut durch die Kamera, auf den Bildschirm oder das letzte Bild, mit dem Sehmodell.",
  listen: "Hört durchs Mikrofon zu, bis du etwas gesagt hast.",
  say: "Sagt einen kurzen Text laut.",
  storage: "Bewahrt Texte auf diesem Gerät auf, auch für spätere Unterhaltungen.",
  documents: "Durchsucht und liest die Dokumente, die du hinzugefügt hast.",
  web_fetch: "Liest eine Seite im Web. Viele Websites erlauben das einem Browser nicht.",
};

export const toolsMay: All<"tools-may"> = {
  computes: "rechnet nur",
  sees: "sieht, was du ihm zeigst",
  hears: "hört, was du sagst",
  speaks: "ist um dich herum zu hören",
  reads: "liest auf diesem Gerät",
  writes: "schreibt auf dieses Gerät",
  runs: "führt Code aus, abgeschottet",
  network: "erreicht das Netz",
  asks: "fragt dich zuerst",
};

export const failureCodes: All<"failure-codes"> = {
  unsupported: "Das geht hier nicht.",
  "out-of-memory": "Dafür reicht der Speicher nicht.",
  "device-lost": "Die Grafikkarte ging verloren.",
  "model-not-found": "So ein Modell gibt es nicht.",
  "model-invalid": "Das Modell lässt sich nicht benutzen.",
  "download-failed": "Es ließ sich nicht herunterladen.",
  integrity: "Die Datei ist nicht die erwartete.",
  quota: "Dafür ist kein Platz mehr.",
  "context-overflow": "Das ist mehr, als das Modell auf einmal lesen kann.",
  cancelled: "Abgebrochen.",
  busy: "Etwas anderes muss zuerst fertig werden.",
  "engine-crashed": "Die Engine hat angehalten.",
  timeout: "Es kam rechtzeitig keine Antwort.",
  "bad-request": "Das ließ sich so nicht annehmen.",
};
