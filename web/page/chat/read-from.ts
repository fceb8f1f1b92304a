/** Stands in the conversation where the model begins to read it. */
import { html } from "lit";
import { LightElement } from "../kit/light-element.ts";
import { w } from "./words/parts.ts";

/** Emits `choose`: another model is wanted. */
class ReadFrom extends LightElement {
  override render() {
    return html`<div class="read-from" role="note" data-testid="read-from">
      <p>${w.readFrom}</p>
      <button type="button" class="text-button" data-testid="read-all" @click=${this.#choose}>
        ${w.chooseOther}
      </button>
    </div>`;
  }

  #choose(): void {
    this.dispatchEvent(new Event("choose"));
  }
}

customElements.define("read-from", ReadFrom);
