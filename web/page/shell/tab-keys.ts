/**
 * Ctrl+Shift and a digit open a tab. Without Shift the digits are the browser's own tabs, as they are with Alt on
 * Linux; Ctrl+Alt is AltGr on Windows; ⌘ and Shift take pictures of a Mac's screen.
 */
import type { Tab } from "../state/tab.ts";

/** The keys in words, "Ctrl+Shift+2". */
export const keysOf = ({ digit }: Tab): string => `Ctrl+Shift+${digit}`;

/** The tab that a key press opens. The place of the key counts: with Shift a digit is another sign. */
export function tabOfKey(
  tabs: readonly Tab[],
  { code, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent,
): Tab | undefined {
  if (!ctrlKey || !shiftKey || altKey || metaKey) return undefined;
  return tabs.find(({ digit }) => code === `Digit${digit}`);
}
