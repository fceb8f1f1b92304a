import type { Tab } from "../state/tab.ts";

type Place = "coming" | "here" | "failed";

/** Brings the scripts of tabs that are no part of the first load, each when it is first asked for. */
export class TabScripts {
  readonly #places = new Map<Tab, Place>();
  readonly #changed: () => void;

  /** @param changed is called when a script came, or could not be had */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  isHere(tab: Tab): boolean {
    return !tab.load || this.#places.get(tab) === "here";
  }

  /** Where the script of a tab is; the first call asks for it. */
  bring(tab: Tab): Place {
    if (!tab.load) return "here";
    const known = this.#places.get(tab);
    if (known) return known;
    this.#places.set(tab, "coming");
    tab.load().then(
      () => this.#set(tab, "here"),
      () => this.#set(tab, "failed"),
    );
    return "coming";
  }

  #set(tab: Tab, place: Place): void {
    this.#places.set(tab, place);
    this.#changed();
  }
}
