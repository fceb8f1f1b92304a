/** Stands in the conversation where the model begins to read it. */
import { html } from "lit";
import { LightElement } from "../kit/light-element.ts";

/** Emits `choose`: another model is wanted. */
class ReadFrom extends LightElement {
  override render() {
    return html`<div class="read-from" role="note" data-testid="read-from">
      <p>
        The model no longer reads what is above: it is too much for it at a time. Nothing is lost, and a model that takes
        more reads all of it again.
      </p>
      <button type="button" class="text-button" data-testid="read-all" @click=${this.#choose}>
        Choose another model
      </button>
    </div>`;
  }

  #choose(): void {
    this.dispatchEvent(new Event("choose"));
  }
}

customElements.define("read-from", ReadFrom);
