/** The frame of a dialog: its title, its way out, and what a subclass puts in between. */
import { html, type TemplateResult } from "lit";
import { icons } from "./icons.ts";
import { LightElement } from "./light-element.ts";
import { common } from "./words/common.ts";

/** Emits `closed`; whoever opened it takes it away then, and gets the focus back. */
export abstract class Sheet extends LightElement {
  /** Stands before the ids of its parts. */
  protected abstract readonly name: string;
  protected abstract readonly testId: string;
  protected abstract readonly heading: string;

  /** What stands below the title. */
  protected abstract content(): TemplateResult;

  protected override firstUpdated(): void {
    this.#dialog.showModal();
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  protected close(): void {
    this.#dialog.close();
  }

  override render(): TemplateResult {
    return html`<dialog
      class="sheet"
      data-testid=${this.testId}
      aria-labelledby="${this.name}-title"
      @close=${() => this.dispatchEvent(new Event("closed"))}
      @click=${(event: Event) => event.target === this.#dialog && this.close()}
      @keydown=${keepEscape}
    >
      <div class="sheet-body">
        <header class="sheet-head">
          <h2 id="${this.name}-title">${this.heading}</h2>
          <button
            type="button"
            class="icon-button"
            data-testid="${this.name}-close"
            aria-label=${common.close}
            title=${common.closeKey}
            @click=${() => this.close()}
          >
            ${icons.close}
          </button>
        </header>
        ${this.content()}
      </div>
    </dialog>`;
  }
}

/** Escape closes the dialog; it must not stop what goes on behind it too. */
const keepEscape = (event: KeyboardEvent): void => {
  if (event.key === "Escape") event.stopPropagation();
};
