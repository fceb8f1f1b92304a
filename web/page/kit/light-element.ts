import { LitElement } from "lit";

/** A component that draws into the page itself, so that one stylesheet and one set of ids serve all. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    // What stands in the document until the scripts run makes room.
    this.replaceChildren();
    return this;
  }
}
