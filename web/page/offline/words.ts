/** What is said of being offline. */
import { words } from "../kit/words.ts";

export const w = words("offline", {
  updateReady: "A new version of Alcove is ready.",
  updateLate: "The new version has to wait: this one is still busy. Try again in a minute.",
  noRoom: "There is not enough room on this device to save Alcove for offline use.",
  noRoomForNext:
    "There is not enough room on this device for a new version of Alcove. This one goes on working.",
  altered: "Alcove could not be saved for offline use: its host sends files that are not those of the build.",
  unreachable: "Alcove could not be saved for offline use yet; it is tried again by itself.",
  unsupported: "This browser does not let Alcove work offline.",
  notRegistered: "Alcove could not be saved for offline use on this device.",
  mended: "Alcove’s copy on this device was damaged and is mended. Reload the page.",
  saving: "Saving for offline… {done}",
  noNetwork: "No network",
  working: "Working offline",
  works: "Works offline",
  noModel: "App saved; the model is not yet",
  isolated: {
    one: "This site’s host leaves out isolation headers. Alcove adds them on this device, so the model runs on {count} thread.",
    other:
      "This site’s host leaves out isolation headers. Alcove adds them on this device, so the model runs on {count} threads.",
  },
  isolates: {
    one: "Reload once, and the model runs on {count} thread instead of one.",
    other: "Reload once, and the model runs on {count} threads instead of one.",
  },
});
