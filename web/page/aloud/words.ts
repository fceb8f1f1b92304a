/** What the loudspeaker on an answer says. */
import { words } from "../kit/words.ts";

export const w = words("aloud", {
  read: "Read aloud",
  readAnswer: "Read the answer aloud",
  stop: "Stop reading aloud",
  leftOut: "Left out: {names}.",
  needs: "Speaking needs a voice, once: {size}.",
  fetch: "Fetch it and read",
  notNow: "Not now",
});
