/** What the Speak tab says. */
import { words } from "../kit/words.ts";

export const w = words("speak", {
  question: "What shall be said?",
  about: "A voice that runs in this tab says it, or makes a file of it.",
  speak: "Speak",
  fetchAndSpeak: "Fetch the voice ({size}) and speak",
  text: "Text to speak",
  hint: "Write or paste what is to be spoken.",
  script: "What is spoken",
  voice: "Voice",
  speed: "Speed",
  save: "Save as WAV",
  making: "Making the file",
  leftOut: "Left out: {names}.",
  noVoice: "This site has no voice, and neither has your system.",
  nothing: "There is nothing in it that can be spoken.",
});
