/** Offers to quote what is selected of an answer. */
import { selectedWords } from "../kit/selected-words.ts";
import type { Thread } from "../state/thread.ts";
import { ANSWER, quote } from "../state/turns.ts";

/** Who drags on gets the button when they are done. */
const SETTLED_MS = 150;

interface Quoting extends HTMLElement {
  thread: Thread;
  focusField(): void;
}

let view: Quoting | null = null;
let pressed = false;
let settling: ReturnType<typeof setTimeout> | undefined;

/** @param shown where the conversation is drawn; one at a time */
export function offerQuotes(shown: Quoting): void {
  if (!view) {
    document.addEventListener("selectionchange", later);
    for (const [type, down] of [
      ["pointerdown", true],
      ["pointerup", false],
      ["pointercancel", false],
    ] as const)
      document.addEventListener(
        type,
        () => {
          pressed = down;
          later();
        },
        { passive: true },
      );
  }
  view = shown;
}

function later(): void {
  clearTimeout(settling);
  settling = setTimeout(() => void look(), SETTLED_MS);
}

async function look(): Promise<void> {
  const text = pressed || !view?.isConnected ? "" : selectedWords(ANSWER);
  if (!text && !document.querySelector(".quote-button")) return;
  const { showQuoteButton } = await import("./turn/quote-button.ts");
  showQuoteButton(text ? () => quoteIt(text) : null);
}

function quoteIt(text: string): void {
  if (!view) return;
  quote(view.thread, text);
  view.focusField();
}
