import type { Told } from "../../kit/told.ts";

/** What the SDK says most, and what it says of its own agents and models. */
export const sdk: Told = {
  Ready: "Bereit",
  Starting: "Startet",
  "Starting Python": "Python startet",
  "Starting Amplifier": "Amplifier startet",
  "Python is ready": "Python ist bereit",
  "Python stopped. Starting it again…": "Python hat angehalten. Es wird neu gestartet …",
  "The engine stopped. Starting it again…": "Die Engine hat angehalten. Sie wird neu gestartet …",
  "The tab that ran the engine is gone. Starting it again…":
    "Der Tab mit der Engine ist weg. Sie wird neu gestartet …",
  Thinking: "Denkt nach",
  Answering: "Antwortet",
  "Looking at the picture": "Schaut sich das Bild an",
  "Waiting for another answer to end": "Wartet, bis eine andere Antwort fertig ist",
  "{name} is at work": "{name} ist bei der Arbeit",
  "Waiting for the server of {name}": "Wartet auf den Server von {name}",
  "Downloading {name}": "{name} wird geladen",
  "Checking {name}": "{name} wird geprüft",
  "Preparing the graphics card for {name}": "Die Grafikkarte wird vorbereitet für {name}",
  "Preparing {name}": "{name} wird vorbereitet",
  "Loading {name}": "{name} wird geöffnet",
  "Tuning {name}": "{name} wird abgestimmt",
  "Warming up {name}": "{name} wärmt sich auf",
  "This conversation began with it.": "Diese Unterhaltung hat damit begonnen.",
  "You chose this model.": "Du hast dieses Modell gewählt.",
  "Your graphics card is the fastest here.": "Deine Grafikkarte ist hier am schnellsten.",
  "There is no graphics card that the browser can use.":
    "Es gibt keine Grafikkarte, die der Browser nutzen kann.",
  "The graphics card could not do it: {why}": "Die Grafikkarte konnte es nicht: {why}",
  "The page is not served over HTTPS.": "Die Seite kommt nicht über HTTPS.",
  "This browser has no WebGPU, or it is switched off.":
    "Dieser Browser hat kein WebGPU, oder es ist ausgeschaltet.",
  "The browser found no graphics card that it can use.":
    "Der Browser fand keine Grafikkarte, die er nutzen kann.",
  "The browser did not answer.": "Der Browser hat nicht geantwortet.",
  "This browser does not let Alcove keep history: conversations last until you close the tab.":
    "Dieser Browser lässt Alcove nichts aufheben: Unterhaltungen bleiben, bis du den Tab schließt.",
  "This page is not isolated, so the model runs on a single thread and answers more slowly.":
    "Diese Seite ist nicht isoliert, darum läuft das Modell auf einem einzigen Thread und antwortet langsamer.",
  "This browser does not let Alcove keep models: they are downloaded again each time.":
    "Dieser Browser lässt Alcove keine Modelle aufheben: Sie werden jedes Mal neu geladen.",
  "Alcove cannot run this kind of model yet.": "Diese Art Modell kann Alcove noch nicht ausführen.",
  "There is no graphics card here, and it is too large without one.":
    "Hier gibt es keine Grafikkarte, und ohne ist es zu groß.",
  "There is no graphics card here: it runs, but very slowly.":
    "Hier gibt es keine Grafikkarte: Es läuft, aber sehr langsam.",
  "It needs {needed} of memory; this device has about {memory} GB.":
    "Es braucht {needed} Speicher; dieses Gerät hat etwa {memory} GB.",
  "It needs {needed} of memory.": "Es braucht {needed} Speicher.",
  "Nobody publishes its checksum. That of your first download will be kept.":
    "Niemand veröffentlicht seine Prüfsumme. Die deines ersten Downloads wird aufgehoben.",
  "Your own file, compared with what you imported.":
    "Deine eigene Datei, verglichen mit dem, was du hereingeholt hast.",
  "Try another browser or another engine.": "Versuch einen anderen Browser oder eine andere Engine.",
  "Close other tabs or choose a smaller model.": "Schließ andere Tabs oder wähl ein kleineres Modell.",
  "Try again; the engine is being restarted.": "Versuch es noch einmal; die Engine startet gerade neu.",
  "Choose a model from the list.": "Wähl ein Modell aus der Liste.",
  "Remove the model and download it again, or choose another file.":
    "Entfern das Modell und lad es neu, oder wähl eine andere Datei.",
  "Check the connection and try again.": "Prüf die Verbindung und versuch es noch einmal.",
  "Remove the file and download it again.": "Entfern die Datei und lad sie neu herunter.",
  "Free some disk space or remove a model.": "Mach Platz auf dem Gerät oder entfern ein Modell.",
  "Shorten the message or start a new conversation.":
    "Kürz die Nachricht oder beginn eine neue Unterhaltung.",
  "Send again when you like.": "Sende noch einmal, wann du magst.",
  "Wait for the current answer or stop it.": "Warte auf die laufende Antwort oder brich sie ab.",
  "Try again.": "Versuch es noch einmal.",
  "Correct the request and send it again.": "Korrigier die Anfrage und sende sie noch einmal.",
  "Stopped.": "Abgebrochen.",
  "Alcove was closed.": "Alcove wurde geschlossen.",
  "There is not enough memory for this model.": "Für dieses Modell reicht der Speicher nicht.",
  "The graphics card has too little memory for this model.":
    "Die Grafikkarte hat zu wenig Speicher für dieses Modell.",
  "The graphics card was lost while the model was using it.":
    "Die Grafikkarte ging verloren, während das Modell sie benutzte.",
  "The browser has no room left for this file.": "Der Browser hat keinen Platz mehr für diese Datei.",
  "There is no room left: what is new here is not being kept.":
    "Es ist kein Platz mehr: Was hier neu ist, wird nicht aufgehoben.",
  "The language engine stopped unexpectedly.": "Die Sprach-Engine hat unerwartet angehalten.",
  "The engine stopped in the middle of its work.": "Die Engine hat mitten in der Arbeit angehalten.",
  "The answer broke off.": "Die Antwort ist abgerissen.",
  "No answer came in time.": "Es kam rechtzeitig keine Antwort.",
  "Your server did not answer in time.": "Dein Server hat nicht rechtzeitig geantwortet.",
  "Your server cannot be reached.": "Dein Server ist nicht zu erreichen.",
  "Python could not be loaded.": "Python konnte nicht geladen werden.",
  "An answer is still being written.": "Es wird noch eine Antwort geschrieben.",
  "This conversation is being answered in another tab.":
    "In dieser Unterhaltung antwortet gerade ein anderer Tab.",
  "This file cannot be read.": "Diese Datei lässt sich nicht lesen.",
  "The downloaded file is not the one that was expected; it was deleted.":
    "Die geladene Datei ist nicht die erwartete; sie wurde gelöscht.",
  "This browser has no microphone for web pages.": "Dieser Browser gibt Webseiten kein Mikrofon.",
  "This browser has no camera for web pages.": "Dieser Browser gibt Webseiten keine Kamera.",
  "This browser cannot share the screen.": "Dieser Browser kann den Bildschirm nicht teilen.",
  "Something went wrong inside Alcove.": "In Alcove ist etwas schiefgegangen.",
  "Works with numbers and tables by writing and running Python, and draws what it finds.":
    "Arbeitet mit Zahlen und Tabellen, indem er Python schreibt und ausführt, und zeichnet, was er findet.",
  "Answers, writes and counts. It has a calculator and a clock, and says so when it does not know.":
    "Antwortet, schreibt und zählt. Er hat Rechner und Uhr und sagt es, wenn er etwas nicht weiß.",
  "Looks through the camera or at the screen for you, and tells what is there. It asks each time.":
    "Schaut für dich durch die Kamera oder auf den Bildschirm und sagt, was da ist. Er fragt jedes Mal.",
  "Answers from your documents, and says where it stands. Add them in the Documents tab first.":
    "Antwortet aus deinen Dokumenten und sagt, wo es steht. Füg sie zuerst unter „Dokumente“ hinzu.",
  "A man's voice, American English. Made of recordings in the public domain (CC0), from a voice that was trained on Lessac's.":
    "Eine Männerstimme, amerikanisches Englisch. Aus gemeinfreien Aufnahmen (CC0), nach einer Stimme, die an der von Lessac gelernt hat.",
  "Finds passages of documents by their meaning. English; vectors of 384 numbers.":
    "Findet Stellen in Dokumenten nach ihrem Sinn. Englisch; Vektoren aus 384 Zahlen.",
  "Reads print in pictures, screens and scanned pages: Latin letters, Chinese and Japanese. Made by PaddleOCR. Handwriting it reads badly.":
    "Liest Gedrucktes in Bildern, auf Bildschirmen und gescannten Seiten: lateinische Schrift, Chinesisch und Japanisch. Von PaddleOCR. Handschrift liest es schlecht.",
  "It names up to three shapes, with colour, size and place, best on a plain background. It knows no people, rooms or things, and can hardly read.":
    "Es nennt bis zu drei Formen mit Farbe, Größe und Ort, am besten auf einfarbigem Grund. Menschen, Räume und Dinge kennt es nicht, und lesen kann es kaum.",
};
