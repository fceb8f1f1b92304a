/**
 * Ctrl+Shift and a digit open a tab. Without Shift the digits are the browser's own tabs, as they are with Alt on
 * Linux; Ctrl+Alt is AltGr on Windows; ⌘ and Shift take pictures of a Mac's screen.
 */
import { choices } from "../state/choices.ts";
import { MOD } from "../state/mod-key.ts";
import type { Tab } from "../state/tab.ts";

/** The keys in words, "Ctrl+Shift+2". */
export const keysOf = ({ digit }: Tab): string => `Ctrl+Shift+${digit}`;

/** The tab that a key press opens. The place of a digit counts: with Shift it is another sign. */
export function tabOfKey(
  tabs: readonly Tab[],
  { code, key, ctrlKey, shiftKey, altKey, metaKey }: KeyboardEvent,
): Tab | undefined {
  // As programs of the desktop have it.
  if (key === "," && ctrlKey !== metaKey && !altKey) return tabs.find(({ id }) => id === "settings");
  if (!ctrlKey || !shiftKey || altKey || metaKey) return undefined;
  return tabs.find(({ digit }) => code === `Digit${digit}`);
}

type Command = "new" | "palette" | "shortcuts";

/** What a key does in every tab. A sign alone is the field's where somebody writes, and can be turned off. */
export function commandOfKey(event: KeyboardEvent): Command | undefined {
  const { key, ctrlKey, metaKey, altKey, shiftKey, target } = event;
  if (altKey) return undefined;
  if (ctrlKey || metaKey) {
    const letter = key.toLowerCase();
    if (letter === "o" && shiftKey) return "new";
    // Ctrl and K of a Mac delete the rest of the line.
    return letter === "k" && !shiftKey && (metaKey || MOD === "Ctrl") ? "palette" : undefined;
  }
  const writes = (target as Element | null)?.closest?.("input, textarea, select, [contenteditable]");
  return key === "?" && !writes && choices.get("signs") === "on" ? "shortcuts" : undefined;
}
