import { noChange } from "lit";
import { Directive, directive, type ElementPart } from "lit/directive.js";

class CssVariable extends Directive {
  override update({ element }: ElementPart, [name, value]: [string, number]) {
    (element as HTMLElement).style.setProperty(name, `${value}`);
    return noChange;
  }

  override render(_name: string, _value: number) {
    return noChange;
  }
}

/** Sets a variable of an element's style; a `style` attribute would be against the content security policy. */
export const cssVariable = directive(CssVariable);
