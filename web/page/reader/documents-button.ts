/** The button of the composer that chooses the documents of a conversation. */
import { html, type PropertyValues } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import type { Thread } from "../state/thread.ts";
import { w } from "./words.ts";

class DocumentsButton extends LightElement {
  static override properties = { thread: { attribute: false } };
  declare thread: Thread;
  #bound: Thread | null = null;

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("thread")) return;
    this.#bound?.removeEventListener("choice", this.#draw);
    this.#bound = this.thread;
    // What a kept conversation is about is known once it is open.
    this.thread.addEventListener("choice", this.#draw);
  }

  readonly #draw = (): void => this.requestUpdate();

  override render() {
    const count = this.thread.session.documents.length;
    const words = count ? w.chosen({ count }) : w.answerFrom;
    return html`<button
      type="button"
      class="icon-button"
      data-testid="choose-documents"
      data-chosen=${count > 0}
      aria-label=${words}
      title=${words}
      @click=${this.#choose}
    >
      ${icons.document}
    </button>`;
  }

  async #choose(): Promise<void> {
    const { chooseDocuments } = await import("./document-choice.ts");
    chooseDocuments(this.thread, () => {
      this.requestUpdate();
      this.querySelector("button")?.focus();
    });
  }
}

customElements.define("documents-button", DocumentsButton);
