/** The voice and the rate that the person chose, kept for the next visit. */
import { read, write } from "../kit/storage.ts";

const VOICE = "alcove-voice";
const RATE = "alcove-rate";

/** What `alcove.speak` takes. */
export function choice(): { voice?: string; rate: number } {
  const voice = read("local", VOICE);
  const rate = Number(read("local", RATE) || 1);
  return { ...(voice ? { voice } : {}), rate: rate >= 0.5 && rate <= 2 ? rate : 1 };
}

export const chooseVoice = (voice: string): void => write("local", VOICE, voice);

export const chooseRate = (rate: number): void => write("local", RATE, rate === 1 ? "" : String(rate));
