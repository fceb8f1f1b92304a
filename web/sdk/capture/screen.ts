/** A screen, a window or a tab of the person's choice as single pictures. */
import { AlcoveError } from "../../../workers/wire/errors.ts";
import { MediaCapture } from "./media-capture.ts";

/**
 * What the person shares. It has the methods of `VideoCapture`, and must be started by a click. Emits "ended" when
 * the person stops sharing or the page is left.
 */
export class ScreenCapture extends MediaCapture {
  protected override async request(): Promise<MediaStream> {
    const { mediaDevices } = navigator;
    if (typeof mediaDevices?.getDisplayMedia !== "function") {
      throw window.isSecureContext
        ? new AlcoveError("unsupported", "This browser cannot share the screen.", {
            action: "Use a browser on a computer, or a screenshot as a picture.",
          })
        : new AlcoveError("unsupported", "The browser shares the screen with secure pages only.", {
            action: "Open this page by https:// or from localhost.",
          });
    }
    return mediaDevices.getDisplayMedia({ audio: false, video: true });
  }

  protected override explain(thrown: unknown): AlcoveError {
    const name = thrown instanceof Error ? thrown.name : "";
    const [message, action] = WORDS[name] ?? ["The screen could not be shared.", "Try again."];
    return new AlcoveError("unsupported", message, { action, detail: String(thrown) });
  }

  protected override lost(): AlcoveError {
    return new AlcoveError("cancelled", "Sharing was stopped.", { action: "Start it again when you like." });
  }
}

/** By the name of the exception. */
const WORDS: Readonly<Record<string, readonly [message: string, action: string]>> = {
  NotAllowedError: [
    "No screen was shared.",
    "Choose one when the browser asks; some devices want it allowed in their settings too.",
  ],
  NotFoundError: ["There is nothing to share.", "Open a window, then try again."],
  NotReadableError: [
    "This device does not let the screen be read.",
    "Choose another window, then try again.",
  ],
  InvalidStateError: ["Sharing starts with a click.", "Press the button again."],
};
