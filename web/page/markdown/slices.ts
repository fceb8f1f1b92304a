/** However many texts are to be drawn, together they take one slice of each frame. */

/** What is drawn is laid out after it, which takes longer than the drawing. */
export const SLICE_MS = 4;

/** Draws until it has nothing more to draw or the slice is over; true when it goes on in the next one. */
type Draw = (isOver: () => boolean) => boolean;

/** The first is drawn first. */
let waiting: Draw[] = [];
let scheduled = false;

/** Draws in the next frames; what was asked for last comes first: it is what a person looks at. */
export function drawInSlices(draw: Draw): void {
  waiting.unshift(draw);
  schedule();
}

function schedule(): void {
  if (scheduled) return;
  scheduled = true;
  if (document.hidden) setTimeout(run, 16);
  else requestAnimationFrame(run);
}

function run(): void {
  scheduled = false;
  const started = performance.now();
  const isOver = () => performance.now() - started > SLICE_MS;
  const queue = waiting;
  waiting = [];
  const unfinished: Draw[] = [];
  do {
    const draw = queue.shift();
    if (draw?.(isOver)) unfinished.push(draw);
  } while (queue.length && !isOver());
  // What had its turn waits for those that had none.
  waiting = [...waiting, ...queue, ...unfinished];
  if (waiting.length) schedule();
}
