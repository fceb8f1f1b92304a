/** What whoever listens to the microphone needs: a worker that tells speech from silence, and to be the only one. */
import { ActivityClient } from "../../../workers/activity/client.ts";
import { AlcoveError } from "../../../workers/wire/errors.ts";
import type { VoiceParts } from "./parts.ts";

/** All tabs share one pair of ears: two that listen would answer each other. */
const LOCK = "alcove-voice";
/** One that was stopped just now lets go of it a moment later. */
const TRIES = 4;
const AGAIN_MS = 50;

/** @param base absolute URL of the root of the built site */
export const listener =
  (base: string): VoiceParts["listen"] =>
  (port, onEvent, onEnd) => {
    const client = new ActivityClient(base);
    const listening = client.listen(port, {}, onEvent, (error) => {
      client.close();
      onEnd(error);
    });
    const stop = () => {
      listening.stop();
      client.close();
    };
    return { ...listening, stop };
  };

/** Holds the lock until the signal aborts. @throws AlcoveError `busy` */
export async function alone(signal: AbortSignal): Promise<void> {
  if (!navigator.locks) return;
  for (let tries = 0; !(await taken(signal)); tries++) {
    if (tries === TRIES) throw listensElsewhere();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Whether nobody else has it. */
function taken(signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
      resolve(lock !== null);
      if (!lock || signal.aborted) return;
      await new Promise((end) => signal.addEventListener("abort", end, { once: true }));
    });
  });
}

const listensElsewhere = (): AlcoveError =>
  new AlcoveError("busy", "Another conversation is listening already.", {
    action: "Stop it first; it may be in another tab.",
  });
