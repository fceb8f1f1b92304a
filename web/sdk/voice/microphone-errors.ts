/** What may be wrong with a microphone, in plain words. */
import { AlcoveError } from "../../../workers/wire/errors.ts";

type Words = readonly [message: string, action: string];

const DENIED: Words = [
  "The microphone is not allowed here.",
  "Allow it for this page (the sign beside the address) and in the settings of this device, then try again.",
];
const MISSING: Words = ["There is no microphone.", "Connect one, or type instead."];
const TAKEN: Words = [
  "The microphone cannot be heard: another program may be using it.",
  "Close what else uses it, then try again.",
];

/** By the name of the exception. */
const WORDS: Readonly<Record<string, Words>> = {
  NotAllowedError: DENIED,
  SecurityError: DENIED,
  NotFoundError: MISSING,
  DevicesNotFoundError: MISSING,
  OverconstrainedError: ["This microphone is not there any more.", "Choose another one."],
  NotReadableError: TAKEN,
  TrackStartError: TAKEN,
  AbortError: TAKEN,
};

/** What the browser threw when it was asked for the microphone. */
export function explained(thrown: unknown): AlcoveError {
  if (thrown instanceof AlcoveError) return thrown;
  const name = thrown instanceof Error ? thrown.name : "";
  const [message, action] = WORDS[name] ?? ["The microphone did not start.", "Try again, or type instead."];
  return new AlcoveError("unsupported", message, { action, detail: String(thrown) });
}

export const unplugged = (): AlcoveError =>
  new AlcoveError("unsupported", "The microphone went away.", {
    action: "Plug it in again or choose another one, then start it again.",
  });

/** @param waits whether the browser still waits for a click */
export const silent = (waits: boolean): AlcoveError =>
  waits
    ? new AlcoveError("unsupported", "The browser lets a page hear only after a click.", {
        action: "Press the button again.",
      })
    : new AlcoveError("timeout", "No sound came from the microphone.", {
        action: "Check that it is switched on, or choose another one.",
      });

/** The browser's devices. @throws AlcoveError `unsupported` where this page gets none */
export function devices(): MediaDevices {
  if (navigator.mediaDevices && typeof AudioWorkletNode === "function") return navigator.mediaDevices;
  throw window.isSecureContext
    ? new AlcoveError("unsupported", "This browser has no microphone for web pages.", {
        action: "Use another browser, or type instead.",
      })
    : new AlcoveError("unsupported", "The browser gives the microphone to secure pages only.", {
        action: "Open this page by https:// or from localhost.",
      });
}
