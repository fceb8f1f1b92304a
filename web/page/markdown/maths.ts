/** TeX to MathML, as nodes: no markup is made of what a model wrote. Loaded with the first formula. */
import temml from "temml";
import { w } from "./words.ts";

/** Null for what it does not understand. */
export function formula(tex: string, display: boolean): Element | null {
  const place = document.createElement("span");
  place.className = display ? "formula-display" : "formula-inline";
  try {
    temml.render(tex, place, {
      displayMode: display,
      throwOnError: true,
      // What is copied of it is the source.
      annotate: true,
      // Neither links nor pictures, and nothing that grows without end.
      trust: false,
      maxSize: [10, 100],
      maxExpand: 200,
    });
  } catch {
    return null;
  }
  if (display) {
    // A wide one scrolls: the keyboard must reach it.
    place.tabIndex = 0;
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", w.formula);
  }
  return place;
}
