import type { All } from "../rooms.ts";

export const voice: All<"voice"> = {
  hold: "Zum Sprechen gedrückt halten",
  stop: "Gespräch beenden",
  start: "Gespräch beginnen",
  handsFree: "Freihändig",
  stopAnswer: "Antwort abbrechen",
  end: "Beenden",
  show: "Unterhaltung zeigen",
  about:
    "Sprich wie mit einem Menschen. Was du sagst, wird zu einer Nachricht der offenen Unterhaltung, und die Antwort wird dir vorgelesen. Nichts davon verlässt dieses Gerät, außer du hast einen Server gewählt, der antworten soll.",

  idle: "Drück den Knopf und sprich",
  starting: "Einen Moment …",
  listening: "Ich höre zu",
  hearing: "Ich höre dich",
  transcribing: "Ich verstehe gleich …",
  thinking: "Ich denke nach …",
  asking: "Darf ich? Bitte wähle unten",
  speaking: "Ich spreche: rede einfach dazwischen",
  muted: "Dein Mikrofon ist ausgeschaltet",
  waiting: "Klick irgendwohin, damit ich hören und sprechen kann",

  listeningByHand: "Halt den Knopf, solange du sprichst",
  hearingByHand: "Lass los, wenn du fertig bist",
  speakingByHand: "Ich spreche: zum Unterbrechen den Knopf halten",
};
