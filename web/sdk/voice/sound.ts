/**
 * The page's one AudioContext: what comes from the microphone and what is played share its clock. A browser lets it
 * run only after a click, and a phone may interrupt it (a call, another app): it goes on with the next click.
 */

let context: AudioContext | undefined;

/** The context, asked to run. Call it in the click that wants sound, before anything is waited for. */
export function sound(): AudioContext {
  context ??= opened();
  if (context.state !== "running") void context.resume().catch(() => undefined);
  return context;
}

function opened(): AudioContext {
  const made = new AudioContext({ latencyHint: "interactive" });
  const goOn = () => {
    if (made.state !== "running") void made.resume().catch(() => undefined);
  };
  for (const gesture of ["pointerdown", "keydown"]) {
    document.addEventListener(gesture, goOn, { capture: true, passive: true });
  }
  // Whatever interrupted it may have ended without a click.
  made.addEventListener("statechange", goOn);
  document.addEventListener("visibilitychange", goOn);
  return made;
}
