import { LitElement } from "lit";
import { languageChanges } from "./language.ts";

/** A component that draws into the page itself, so that one stylesheet and one set of ids serve all. */
export class LightElement extends LitElement {
  readonly #translate = () => this.requestUpdate();

  override connectedCallback(): void {
    super.connectedCallback();
    languageChanges.addEventListener("change", this.#translate);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    languageChanges.removeEventListener("change", this.#translate);
  }

  protected override createRenderRoot(): HTMLElement {
    // What stands in the document until the scripts run makes room.
    this.replaceChildren();
    return this;
  }
}
