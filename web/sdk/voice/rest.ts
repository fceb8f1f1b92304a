/** A voice that nobody asks for a while is given up, which frees what it holds; the next text has it again. */
import type { VoiceEngine } from "../engines/roster.ts";

const IDLE_MS = 300_000;

/** How many texts are being spoken, and the wait after the last one. */
const used = new WeakMap<VoiceEngine, { texts: number; timer?: ReturnType<typeof setTimeout> }>();

/** Keeps the voice for a text; the function that it returns lets go of it. */
export function keepAwake(engine: VoiceEngine): () => void {
  const use = used.get(engine) ?? { texts: 0 };
  used.set(engine, use);
  clearTimeout(use.timer);
  use.texts++;
  return () => {
    use.texts--;
    if (use.texts === 0) use.timer = setTimeout(() => engine.release(), IDLE_MS);
  };
}
