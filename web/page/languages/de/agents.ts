import type { All } from "../rooms.ts";

export const agents: All<"agents"> = {
  drop: "Bundle hier ablegen",
  looking: "Ich frage Python, wer da ist …",
  about:
    "Ein Agent ist eine Anweisung, die Werkzeuge, die er benutzen darf, und ein Modell, wenn er ein eigenes braucht.",
  here: "Wer da ist",

  justAdded: "gerade hinzugefügt",
  asks: "{tool}: fragt dich zuerst",
  noTools: "keine Werkzeuge",
  crowded: "Damit bleibt diesem Modell kaum Platz zum Reden. Wähl ein größeres dafür.",
  answeredBy: "antwortet mit {model}",
  asksServers: { one: "fragt den Server {names}", other: "fragt die Server {names}" },
  leftOut: { one: "Ein Teil ist ausgelassen", other: "{count} Teile sind ausgelassen" },
  mounted: "Eingehängt: {names}.",
  chat: "Mit ihm chatten",
  edit: "Bearbeiten",
  duplicate: "Duplizieren",
  exportIt: "{name} exportieren",
  export: "Als Bundle exportieren",
  ask: "{name} von diesem Gerät entfernen? Die Unterhaltungen bleiben. Exportier ihn vorher, falls du ihn wiederhaben willst.",
  removeIt: "Entfernen",
  tokens: "etwa {tokens} Token",
  tokensOf: "etwa {tokens} der {window} Token des Modells",
  asksFor: {
    one: "Er fragt nach deinem MCP-Server {names} und bekommt ihn nur, wenn du ihn bei den Werkzeugen einer Unterhaltung ankreuzt.",
    other:
      "Er fragt nach deinen MCP-Servern {names} und bekommt sie nur, wenn du sie bei den Werkzeugen einer Unterhaltung ankreuzt.",
  },
  quoted: "„{name}“",

  add: "Einen Agenten hinzufügen",
  aboutAdding:
    "Ein Bundle, wie Amplifier sie hat: eine Markdown- oder YAML-Datei, ein Ordner oder ein ZIP mit den Repositorys, die es nennt. Code, den es mitbringt, läuft in diesem Tab, mit dem, was Python hier darf: Füg nur hinzu, dem du vertraust. Seine Werkzeuge fragen dich zuerst, außer sie sagen, dass sie nur lesen.",
  adding: "Es wird gelesen, und seine Module werden ausprobiert …",
  new: "Neuer Agent",
  newName: "Mein Agent",
  newAbout: "Wofür er da ist.",
  newInstruction: "Du bist ein hilfreicher Assistent. Sag hier, was er tun soll und wie.",
  chooseFile: "Datei wählen",
  chooseFolder: "Ordner wählen",
  paste: "Oder die Adresse, oder der Text",
  pasteHint: "https://… oder das Bundle selbst",

  save: "Sichern",
  saving: "Wird ausprobiert …",
  toForm: "Zurück zum Formular",
  toFile: "Die Datei selbst bearbeiten",
  name: "Name",
  purpose: "Wofür er da ist",
  instructions: "Anweisungen",
  model: "Antwortet mit",
  anyModel: "Was ich gerade benutze",
  tools: "Werkzeuge",
  others: "Aus eigenen Modulen hat er außerdem: {names}.",
  included: "{tool} (kommt mit dem, was er einschließt)",
  asksFirst: "{may}; fragt dich zuerst",

  addPython: "Python hinzufügen",
  aboutPython:
    "Module, die Agenten nennen (Werkzeuge, Hooks, Orchestratoren), kommen als Wheels, wie ihre Macher sie veröffentlichen. Sie bleiben auf diesem Gerät. Ihr Code läuft in diesem Tab: Füg nur hinzu, dem du vertraust.",
  installing: "Wird installiert …",
  chooseWheels: "Wheels wählen",
  brought: "{what} ist installiert, mit {modules}: Agenten haben es ab ihrer nächsten Unterhaltung.",
  broughtNone: "{what} ist installiert. Es bringt kein Modul für einen Agenten mit.",
  shadowed: "Nicht erreichbar, weil vorher schon etwas so hieß: {names}.",
};
