import type { All } from "../rooms.ts";

export const device: All<"device"> = {
  graphics: "Grafikkarte (WebGPU)",
  none: "Nein. {reason}",
  software: "Nur vom Prozessor nachgeahmt: sehr langsam",
  yes: "Ja",
  card: "Name der Karte",
  half: "Zahlen halber Genauigkeit (f16)",
  noHalf: "Nein: Modelle mit f32 im Namen laufen trotzdem",
  piece: "Größtes Stück Grafikspeicher",
  unknown: "Unbekannt",
  memory: "Arbeitsspeicher",
  untold: "Der Browser sagt es nicht",
  plenty: "8 GB oder mehr",
  about: "Etwa {gigabytes} GB",
  threads: "Threads des Prozessors",
  oneThread: "1: diese Seite ist nicht isoliert, darum darf sie nicht mehr nutzen",
  room: "Platz für Modelle",
  noRoom: "Keiner: dieser Browser bewahrt sie nicht auf",
  free: "{free} frei, {used} belegt",
};
