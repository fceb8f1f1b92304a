import type { All } from "../rooms.ts";

export const shell: All<"shell"> = {
  agent: "Diese Unterhaltung ist mit {name}",
  sidebar: "Seitenleiste",
  conversations: "Unterhaltungen",
  newConversation: "Neue Unterhaltung",
  newConversationKey: "Neue Unterhaltung (Strg+Umschalt+O)",
  tabs: "Bereiche",
  tabFailed: "Der Bereich „{tab}“ konnte nicht geladen werden.",
  tabFailedAction: "Prüf die Verbindung und versuch es noch einmal.",
  export: "Exportieren",
  crashed:
    "Der Browser hat Alcove geschlossen, während es {model} lud: meist ein Zeichen, dass der Speicher knapp war. Von selbst wird es jetzt nicht geladen.",
  use: "{model} nehmen",
  reload: "Neu laden",
  reloading: "Wird neu geladen …",
  conversation: "Unterhaltung",
  answering: "Antwortet",
  title: "Titel der Unterhaltung",
  listOpening: "Deine Unterhaltungen werden geöffnet …",
  listEmpty: "Deine Unterhaltungen werden hier aufbewahrt.",
  listFailed: "Deine Unterhaltungen können gerade nicht gelesen werden. Alcove versucht es weiter.",
  search: "Suchen",
  pinned: "Angeheftet",
  archived: "Archiv",
  more: "Mehr zu {name}",
  moreShort: "Mehr",
  pin: "Anheften",
  unpin: "Lösen",
  rename: "Umbenennen",
  move: "In einen Ordner legen",
  newFolder: "Neuer Ordner",
  noFolder: "Aus dem Ordner nehmen",
  folderName: "Name des Ordners",
  dissolve: "Ordner entfernen",
  archive: "Archivieren",
  unarchive: "Zurück in die Liste",
  exportOne: "Exportieren",
  toMarkdown: "Als Markdown",
  toPage: "Als Webseite",
  toJson: "Als JSON, zum Zurückholen",
  you: "Du",
  delete: "Löschen",
  deleted: "Gelöscht.",
  undo: "Rückgängig",
};

export const themes: All<"themes"> = {
  auto: "Farben: wie das System",
  light: "Farben: hell",
  dark: "Farben: dunkel",
};

export const search: All<"search"> = {
  title: "Alle Unterhaltungen durchsuchen",
  found: "Gefunden",
  searching: "Wird gesucht …",
  count: { one: "{count} gefunden.", other: "{count} gefunden." },
  none: "In keiner Unterhaltung stehen diese Wörter.",
  untitled: "Ohne Titel",
};

export const state: All<"state"> = {
  newConversation: "Neue Unterhaltung",
  missing: "Diese Unterhaltung ist nicht auf diesem Gerät. Hier ist eine neue.",
  removed: "Diese Unterhaltung wurde gelöscht. Hier ist eine neue.",
  stillWritten: "Es wird noch eine Antwort geschrieben.",
  stopped: "Abgebrochen.",
  closed: "Geschlossen.",
};

export const offline: All<"offline"> = {
  updateReady: "Eine neue Version von Alcove ist da.",
  updateLate: "Die neue Version muss warten: Diese ist noch beschäftigt. Versuch es in einer Minute wieder.",
  noRoom: "Auf diesem Gerät ist nicht genug Platz, um Alcove für offline zu sichern.",
  noRoomForNext:
    "Auf diesem Gerät ist nicht genug Platz für eine neue Version von Alcove. Diese arbeitet weiter.",
  altered:
    "Alcove konnte nicht für offline gesichert werden: Sein Host schickt Dateien, die nicht die des Builds sind.",
  unreachable: "Alcove konnte noch nicht für offline gesichert werden; es wird von selbst wieder versucht.",
  unsupported: "Dieser Browser lässt Alcove nicht offline arbeiten.",
  notRegistered: "Alcove konnte auf diesem Gerät nicht für offline gesichert werden.",
  mended: "Alcoves Kopie auf diesem Gerät war beschädigt und ist repariert. Lade die Seite neu.",
  saving: "Wird für offline gesichert … {done}",
  noNetwork: "Kein Netz",
  working: "Arbeitet offline",
  works: "Geht auch offline",
  noModel: "App gesichert; das Modell noch nicht",
  isolated: {
    one: "Der Host dieser Website lässt Header zur Isolation weg. Alcove ergänzt sie auf diesem Gerät, darum läuft das Modell mit {count} Thread.",
    other:
      "Der Host dieser Website lässt Header zur Isolation weg. Alcove ergänzt sie auf diesem Gerät, darum läuft das Modell mit {count} Threads.",
  },
  isolates: {
    one: "Lade einmal neu, und das Modell läuft mit {count} Thread statt mit einem.",
    other: "Lade einmal neu, und das Modell läuft mit {count} Threads statt mit einem.",
  },
};
