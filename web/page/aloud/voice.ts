/** The voice that would speak, and whether it is here. */
import type { Alcove, Voice } from "../../sdk/index.ts";
import { choice } from "./choice.ts";

/** Of `voices`, the one that was chosen, else the first. */
export function voiceOf(voices: readonly Voice[]): Voice | undefined {
  const { voice } = choice();
  return voices.find(({ id }) => id === voice) ?? voices[0];
}

/** The one that speaks when nothing else is said; undefined where there is none. */
export async function chosenVoice(alcove: Promise<Alcove>): Promise<Voice | undefined> {
  return voiceOf(await (await alcove).voices());
}
