/** The next that somebody says. */
import type { Listening } from "../../../workers/activity/client.ts";
import { SPEECH_RATE } from "../../../workers/activity/protocol.ts";
import { beforeAbort } from "../../../workers/wire/abort.ts";
import type { AlcoveError } from "../../../workers/wire/errors.ts";
import type { Heard, VoiceParts } from "./parts.ts";

/** So long somebody may take to begin to speak, once the microphone hears. */
const MOST_MS = 60_000;

/**
 * Null where nobody speaks. The microphone is free afterwards, whatever happens.
 * @throws AlcoveError `busy` while a conversation listens, in any tab; `cancelled`; what microphone and worker fail with
 */
export async function nextUtterance(
  { microphone, listen, alone }: Pick<VoiceParts, "microphone" | "listen" | "alone">,
  signal: AbortSignal,
): Promise<Heard | null> {
  const over = new AbortController();
  let listening: Listening | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let [speaks, late] = [false, false];
  try {
    let nobody: () => void = () => undefined;
    const said = new Promise<Heard | null>((resolve, reject) => {
      nobody = () => resolve(null);
      listening = listen(
        microphone.tap(),
        (event) => {
          if (event.kind === "started") speaks = true;
          if (event.kind === "dropped") speaks = false;
          if (event.kind === "dropped" && late) nobody();
          if (event.kind === "ended") resolve({ samples: event.samples, sampleRate: SPEECH_RATE });
        },
        reject,
      );
      microphone.addEventListener("ended", (event) => reject((event as CustomEvent<AlcoveError>).detail), {
        signal: over.signal,
      });
    });
    said.catch(() => undefined);
    await beforeAbort(Promise.all([microphone.start(), alone(over.signal)]), signal);
    timer = setTimeout(() => {
      late = true;
      // Whoever is speaking is heard to the end.
      if (!speaks) nobody();
    }, MOST_MS);
    return await beforeAbort(said, signal);
  } finally {
    clearTimeout(timer);
    over.abort();
    listening?.stop();
    microphone.stop();
  }
}
