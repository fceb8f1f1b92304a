/** Runs `draw` at most once per animation frame, and about ten times a second while the tab is hidden. */
export function onFrame(draw: () => void): () => void {
  let waiting = false;
  const run = () => {
    waiting = false;
    draw();
  };
  return () => {
    if (waiting) return;
    waiting = true;
    if (document.hidden) setTimeout(run, 100);
    else requestAnimationFrame(run);
  };
}

/** Nobody sees what comes and goes within. */
const SOON_MS = 50;

/** Runs `look` a moment after something happened, however much happened until then. */
export function soon(look: () => void): () => void {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      look();
    }, SOON_MS);
  };
}

/** A page that is never idle is not waited for any longer. */
const IDLE_MS = 1_000;

/** Resolves once what is to be drawn is drawn. */
export function whenIdle(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof requestIdleCallback === "function") requestIdleCallback(() => resolve(), { timeout: IDLE_MS });
    else setTimeout(resolve, IDLE_MS / 10);
  });
}
