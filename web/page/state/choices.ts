/**
 * What a person chose for this device: how the page looks, and what keys do. It is known before the first paint, and each
 * tab of the site follows the others. The first of each is what stands where nothing was chosen.
 */
import { read, write } from "../kit/storage.ts";
import { isComposing } from "../kit/typing/composing.ts";

export const CHOICES = {
  theme: ["auto", "light", "dark"],
  /** Size of all text. */
  text: ["usual", "small", "large", "larger"],
  /** Of what is read. */
  width: ["usual", "wide", "full"],
  density: ["usual", "compact"],
  /** What sends a message. */
  send: ["enter", "ctrl-enter"],
  /** Keys that are one sign, such as "?". */
  signs: ["on", "off"],
} as const;

export type ChoiceName = keyof typeof CHOICES;
export type ChoiceOf<Name extends ChoiceName> = (typeof CHOICES)[Name][number];

const NAMES = Object.keys(CHOICES) as ChoiceName[];
const keyOf = (name: ChoiceName): string => `alcove.${name}`;

class Choices extends EventTarget {
  constructor() {
    super();
    globalThis.addEventListener?.("storage", (event) => {
      const { key } = event as StorageEvent;
      // Null: all of it was deleted.
      if (key === null || NAMES.some((name) => keyOf(name) === key)) this.show();
    });
  }

  get<Name extends ChoiceName>(name: Name): ChoiceOf<Name> {
    const [usual, ...others]: readonly string[] = CHOICES[name];
    const kept = read("local", keyOf(name));
    return (others.find((other) => other === kept) ?? usual) as ChoiceOf<Name>;
  }

  set<Name extends ChoiceName>(name: Name, value: ChoiceOf<Name>): void {
    write("local", keyOf(name), value === CHOICES[name][0] ? "" : value);
    this.show();
  }

  /** The one after what stands. */
  next<Name extends ChoiceName>(name: Name): void {
    const all: readonly ChoiceOf<Name>[] = CHOICES[name];
    this.set(name, all[(all.indexOf(this.get(name)) + 1) % all.length] as ChoiceOf<Name>);
  }

  /** Each is a `data-` attribute of the document, for the styles. */
  show(): void {
    const { dataset } = document.documentElement;
    for (const name of NAMES) {
      const value: string = this.get(name);
      if (value === CHOICES[name][0]) delete dataset[name];
      else dataset[name] = value;
    }
    this.dispatchEvent(new Event("change"));
  }
}

/** Emits `change` when one was made, in any tab. */
export const choices = new Choices();

/** Whether this key sends what was written. */
export function sends(event: KeyboardEvent): boolean {
  const { key, shiftKey, ctrlKey, metaKey } = event;
  if (key !== "Enter" || shiftKey || isComposing(event)) return false;
  return choices.get("send") === "enter" || ctrlKey || metaKey;
}
