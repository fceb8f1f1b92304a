/** What is said of the open conversation. */
import { words } from "../kit/words.ts";

export const w = words("state", {
  newConversation: "New conversation",
  missing: "That conversation is not on this device. Here is a new one.",
  removed: "That conversation was deleted. Here is a new one.",
  stillWritten: "An answer is still being written.",
  stopped: "Stopped.",
  closed: "Closed.",
});
