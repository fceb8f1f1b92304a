/** A small button beside what is selected. */
import { w } from "../words/turn.ts";

const GAP = 6;

let button: HTMLButtonElement | null = null;
let hide = new AbortController();

/** Shows it below the end of the selection; null takes it away. */
export function showQuoteButton(press: (() => void) | null): void {
  button?.remove();
  hide.abort();
  button = null;
  if (!press) return;
  hide = new AbortController();
  const { signal } = hide;
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quote-button";
  made.dataset.testid = "quote-selection";
  made.textContent = w.quote;
  // Pressed, it would take the selection away.
  made.addEventListener("pointerdown", (event) => event.preventDefault());
  made.addEventListener("click", () => {
    showQuoteButton(null);
    press();
  });
  document.body.append(made);
  button = made;
  const move = () => place(made);
  addEventListener("scroll", move, { capture: true, passive: true, signal });
  addEventListener("resize", move, { signal });
  move();
}

/** Within the window; hidden where the selection is scrolled out of sight. */
function place(shown: HTMLElement): void {
  const selection = getSelection();
  const last = selection?.rangeCount ? [...selection.getRangeAt(0).getClientRects()].at(-1) : undefined;
  const { width, height } = shown.getBoundingClientRect();
  const box = document.querySelector("chat-view .scroll")?.getBoundingClientRect();
  const seen = last && box && last.bottom >= box.top && last.top <= box.bottom;
  shown.style.visibility = seen ? "visible" : "hidden";
  if (!seen) return;
  const below = last.bottom + GAP + height <= box.bottom;
  shown.style.top = `${below ? last.bottom + GAP : Math.max(GAP, last.top - GAP - height)}px`;
  shown.style.left = `${Math.max(GAP, Math.min(last.right - width / 2, innerWidth - width - GAP))}px`;
}
