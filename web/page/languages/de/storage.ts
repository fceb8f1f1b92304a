import type { All } from "../rooms.ts";

export const storage: All<"storage"> = {
  looking: "Ich schaue nach, was hier liegt …",
  drop: "Modelle oder Unterhaltungen hier ablegen",
  models: "Modelle auf diesem Gerät",
  noModels: "Noch keine. Das erste kommt mit deiner ersten Nachricht.",
  delete: "Löschen",
  deleteIt: "{name} löschen",

  onDevice: "{size} auf diesem Gerät",
  kept: "Der Browser bewahrt all das auf, auch wenn der Speicher voll ist.",
  notKept: "Wenn der Speicher voll ist, darf der Browser all das löschen, ohne zu fragen.",
  refused:
    "Er wollte es nicht versprechen: Nutze Alcove eine Weile oder setz ein Lesezeichen, und frag dann noch einmal.",
  keepIt: "Behalten lassen",
  askAgain: "Noch einmal fragen",
  room: "{free} von {quota} frei",
  roomUntold: "Der Browser sagt nicht, wie viel Platz es gibt.",
  nothing: "nichts",

  short: "Der Platz wird knapp",
  rested: {
    one: "Dieses Modell hat am längsten geruht:",
    other: "Diese Modelle haben am längsten geruht:",
  },
  deleteRested: {
    one: "Das Modell löschen? Das macht {size} frei.",
    other: "Diese {count} Modelle löschen? Das macht {size} frei.",
  },
  free: "{size} freimachen …",
  unused: "noch nicht benutzt",
  used: "{when} benutzt",

  inUse: "In Gebrauch",
  pinned: "Angeheftet",
  justChecked: "Gerade geprüft: jedes Byte ist, wie es kam.",
  deleteOwn:
    "{name} löschen? Das macht {size} frei. Es kam aus einer Datei von dir: Bewahr sie auf, falls du es wiederhaben willst.",
  deleteShipped:
    "{name} löschen? Das macht {size} frei. Es kommt von dieser Website zurück, sobald es gebraucht wird.",
  deleteFetched: "{name} löschen? Das macht {size} frei. Du kannst es wieder herunterladen.",
  check: "Prüfen",
  checkIt: "{name} prüfen",
  save: "Kopie sichern",
  saveIt: "Kopie von {name} sichern",
  pin: "Anheften",
  pinIt: "{name} anheften",
  unpin: "Lösen",
  unpinIt: "{name} lösen",

  add: "Ein eigenes Modell hinzufügen",
  aboutAdding:
    "Eine GGUF-Datei; mit ihrem Projektor („mmproj“) eines, das sieht; oder alle Teile eines Modells, das geteilt wurde. Oder eine Piper-Stimme: ihre .onnx und ihre .onnx.json. Wähl zusammen, was zusammengehört, oder leg es hier ab. Es wird kopiert und geht sonst nirgendwohin.",
  chooseFiles: "Dateien wählen",
  yourFiles: "deine Dateien",

  conversations: "Unterhaltungen",
  aboutConversations:
    "Bewahr sie alle in einer eigenen Datei auf, oder hol sie aus einer zurück, die Alcove geschrieben hat. Was hier ist, bleibt.",
  exportAll: "Alle exportieren",
  forAmplifier: "Für Amplifier",
  aboutAmplifier: "Eine ZIP-Datei für einen Home-Ordner, in dem Amplifiers Kommandozeile arbeitet",
  packing: "Wird gepackt …",
  reading: "Wird gelesen …",
  import: "Importieren",
  came: { one: "Eine Unterhaltung ist gekommen.", other: "{count} Unterhaltungen sind gekommen." },
  wereHere: {
    one: "Eine Unterhaltung war schon hier.",
    other: "{count} Unterhaltungen waren schon hier.",
  },
  notTaken: "„{title}“ wurde nicht angenommen: {reason}",
  untitledNotTaken: "Eine ohne Titel wurde nicht angenommen: {reason}",
  moreNotTaken: {
    one: "{count} weitere wurde nicht angenommen.",
    other: "{count} weitere wurden nicht angenommen.",
  },
  noneInFile: "In dieser Datei ist keine Unterhaltung.",

  downloads: "Downloads",
  downloadOf: "Download von {name}",
  goOn: "Weiter",
  goOnWith: "Weiter: {name}",
  againWith: "Noch einmal versuchen: {name}",
  pause: "Pause",
  pauseIt: "{name} anhalten",
  takeNew: "Die neue nehmen",
  takeNewOf: "Die neue Datei von {name} nehmen",
  cancelIt: "{name} abbrechen",
  elsewhere: "in einem anderen Tab",
  queued: "Wartet, bis es an der Reihe ist",
  failed: "Angehalten",
  busy: "Der Server ist beschäftigt; weiter geht es um {time}",
  downloading: "Wird geladen",
  secondsLeft: "noch ein paar Sekunden",
  minuteLeft: "noch keine Minute",
  minutesLeft: "noch etwa {minutes} min",
  hoursLeft: "noch etwa {hours} h",
  hoursMinutesLeft: "noch etwa {hours} h {minutes} min",

  leftovers: "Was sonst noch weg kann",
  damaged: "{size}, beschädigt: nichts lädt es mehr",
  unloadable: "{size}, nichts hier kann es laden",
  unknown: "{size}, von keinem Modell, das Alcove kennt",
  half: "{size} von einem Download, der nicht zu Ende kam",
  prompts: "{size}; sie verraten, was gesagt wurde",
  deleteLost: "Diese Datei von {name} löschen?",
  deleteHalf: "Löschen, was von {name} gekommen ist? Der Download beginnt dann von vorn.",
  deletePrompts:
    "Alle aufbewahrten Prompts löschen? Deine Unterhaltungen bleiben; die nächste Antwort beginnt in jeder etwas später.",
  downloadAgain: "Neu herunterladen",
  downloadItAgain: "{name} neu herunterladen",

  clear: "Alles löschen",
  aboutClear:
    "Jede Unterhaltung, jedes Modell, jedes Dokument und jede Einstellung geht, und Alcove selbst: Um es wieder zu öffnen, brauchst du das Netz.",
  clearing: "Wird gelöscht …",
  clearAsk: "Alles löschen, für immer? Nichts bringt es zurück.",
  clearYes: "Alles löschen",
  clearButton: "Alles löschen …",
};

export const storageKinds: All<"storage-kinds"> = {
  models: "Modelle",
  halves: "Unfertige Downloads",
  conversations: "Unterhaltungen",
  agents: "Agenten",
  documents: "Dokumente",
  keptPrompts: "Aufbewahrte Prompts",
  wheels: "Python-Pakete",
  notes: "Notizen",
  home: "Pythons Home-Ordner",
  app: "Alcove selbst",
};

export const storageAbout: All<"storage-about"> = {
  models: "Was antwortet, hinschaut und vergleicht",
  halves: "Sie gehen weiter, wo sie aufgehört haben",
  conversations: "Was du und die Modelle gesagt habt",
  agents: "Die du gemacht oder hinzugefügt hast",
  documents: "Was du zu lesen gegeben hast",
  keptPrompts: "Damit eine Unterhaltung nach dem Neuladen sofort weitergeht",
  wheels: "Was du in Python installiert hast",
  notes: "Was Modelle mit dem Notizwerkzeug aufgehoben haben",
  home: "Unterhaltungen in Amplifiers Form und Dateien von Werkzeugen",
  app: "Damit es ohne Netz aufgeht",
};

export const storagePaused: All<"storage-paused"> = {
  person: "Angehalten",
  network: "Keine Verbindung: sobald es eine gibt, geht es von selbst weiter",
  closed: "Angehalten, als die Seite geschlossen wurde",
};
