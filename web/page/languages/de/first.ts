import type { All } from "../rooms.ts";

export const first: All<"first"> = {
  ask: "Was kann es, und was nicht?",
  about: "Über Alcove",
  begin: "Anfangen",
  showRound: "Zeig mir alles",
  others: "Andere Modelle",

  here: "Alles läuft hier.",
  elsewhere: "Was antwortet, läuft anderswo.",
  onProcessor:
    "Das Modell und seine Werkzeuge laufen in diesem Tab, auf deinem Prozessor. Ab dem nächsten Besuch brauchen sie kein Netz.",
  onCard:
    "Das Modell und seine Werkzeuge laufen in diesem Tab, auf deiner Grafikkarte. Ab dem nächsten Besuch brauchen sie kein Netz.",
  onServer: "Dein eigener Server, {server}, antwortet: was du schreibst, geht dorthin.",

  answering: "Was antwortet:",
  fetched: "{name} ({size}, einmal zu laden), für {device}. {why}",
  kept: "{name} ({size}, auf diesem Gerät), für {device}. {why}",
  plain: "{name}. {why}",
  threads: { one: "einen Prozessor-Thread", other: "{count} Prozessor-Threads" },
  memory: "etwa {size} GB Speicher",
  muchMemory: "8 GB Speicher oder mehr",
  larger: {
    one: "Ein größeres Modell passt auf dieses Gerät.",
    other: "{count} größere Modelle passen auf dieses Gerät.",
  },

  expect: "Was zu erwarten ist.",
  verySmall:
    "Es ist sehr klein: gut für kurze Nachrichten, Umformulieren und leichte Fragen; schlecht bei Fakten, Rechnen, Code und langen Texten. Es irrt sich mit sicherer Stimme.",
  small:
    "Es ist klein: gut für Entwürfe, Zusammenfassungen und einfachen Code; schlecht bei seltenen Fakten, Rechnen und langem Schließen. Es kann sich mit sicherer Stimme irren.",
  large:
    "Es schreibt, fasst zusammen und programmiert gut. Auch es erfindet manchmal Fakten: prüfe, worauf es ankommt.",
  unknown: "Was es sagt, kann falsch sein: prüfe, worauf es ankommt.",

  tourModel: "Was antwortet",
  tourModelWords:
    "Das Modell, das in dieser Unterhaltung antwortet. Ein anderes, ein größeres oder dein eigener Server: wähle es hier.",
  tourWrite: "Schreiben, zeigen, sagen",
  tourWriteWords:
    "Schreib hier; häng Bilder und Dateien an, füg sie ein oder zieh sie herein; oder diktiere. Werkzeuge, die etwas ändern, fragen zuerst.",
  tourTabs: "Mehr als ein Chat",
  tourTabsWords:
    "Die Kamera, das Sprechen, Agenten und was auf diesem Gerät gespeichert ist: jedes hat seinen eigenen Tab.",
  at: "{at} von {all}",
  back: "Zurück",
  next: "Weiter",
  done: "Fertig",
  end: "Rundgang beenden",
};

export const installed: All<"installed"> = {
  notShared:
    "Was du geteilt hast, konnte nicht übernommen werden: es ist zu groß, oder es fehlt an Platz. Häng es hier an.",
  notTaken: "Was du geöffnet hast, war nicht mehr zu lesen. Häng es hier an.",
  install: "Alcove installieren",
  dismissInstall: "Nicht mehr anbieten",
  offer: "Deine Antwort war fertig, während du weg warst. Soll Alcove beim nächsten Mal Bescheid geben?",
  tell: "Gib Bescheid",
  dismissOffer: "Nein, danke",
  told: "Alcove gibt von nun an Bescheid. Ändern lässt sich das in den Einstellungen des Browsers für diese Seite.",
  refused:
    "Der Browser lässt Alcove nicht Bescheid geben. Ändern lässt sich das in seinen Einstellungen für diese Seite.",
  ready: "Deine Antwort ist fertig",
  decide: "Alcove wartet auf deine Entscheidung",
};
