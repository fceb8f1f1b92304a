/** What the page says as a program of the device. */
import { words } from "../kit/words.ts";

export const w = words("installed", {
  notShared:
    "What you shared could not be taken: it is too large, or there is no room. Attach it here instead.",
  notTaken: "What you opened could not be read any more. Attach it here instead.",
  install: "Install Alcove",
  dismissInstall: "Do not offer this again",
  offer: "Your answer was ready while you were away. Shall Alcove tell you the next time?",
  tell: "Tell me",
  dismissOffer: "No, thank you",
  told: "Alcove tells you from now on. The browser's settings of this page can change that.",
  refused: "The browser does not let Alcove tell you. Its settings of this page can change that.",
  ready: "Your answer is ready",
  decide: "Alcove waits for your decision",
});
