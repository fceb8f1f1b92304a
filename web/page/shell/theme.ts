/** Light, dark, or what the system says; a choice is kept on this device. */
import { read, write } from "../kit/storage.ts";

export type Theme = "auto" | "light" | "dark";

const ORDER: readonly Theme[] = ["auto", "light", "dark"];

export function currentTheme(): Theme {
  const kept = read("local", "alcove.theme");
  return kept === "light" || kept === "dark" ? kept : "auto";
}

export function applyTheme(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Takes the next of auto, light and dark, and returns it. */
export function switchTheme(): Theme {
  const next = ORDER[(ORDER.indexOf(currentTheme()) + 1) % ORDER.length] ?? "auto";
  write("local", "alcove.theme", next === "auto" ? "" : next);
  applyTheme(next);
  return next;
}
