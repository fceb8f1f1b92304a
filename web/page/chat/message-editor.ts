/** A message of the person's as it is edited, in its place: Enter sends it, Escape leaves it as it was. */
import { html } from "lit";
import { LightElement } from "../kit/light-element.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { common } from "../kit/words/common.ts";
import { sends } from "../state/choices.ts";
import { w } from "./words/chat.ts";

/** Emits `sent` with the text as detail, and `left`. */
class MessageEditor extends LightElement {
  static override properties = {
    text: { attribute: false },
    alone: { type: Boolean },
    filled: { state: true },
  };
  declare text: string;
  /** It has pictures, and may be without words. */
  declare alone: boolean;
  declare private filled: boolean;

  constructor() {
    super();
    this.filled = true;
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  protected override firstUpdated(): void {
    const field = this.#field;
    field.value = this.text;
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
    this.#measure();
  }

  override render() {
    return html`<form class="message-editor" @submit=${this.#submit}>
      <textarea
        class="field"
        data-testid="edit-field"
        aria-label=${w.editMessage}
        dir="auto"
        rows="1"
        dir="auto"
        enterkeyhint="send"
        @input=${this.#measure}
        @keydown=${this.#onKey}
      ></textarea>
      <div class="card-actions">
        <button type="button" class="button" data-testid="edit-leave" @click=${this.#leave}>${common.cancel}</button>
        <button type="submit" class="button primary" data-testid="edit-send" ?disabled=${!this.filled}>${w.send}</button>
      </div>
    </form>`;
  }

  #measure(): void {
    const field = this.#field;
    this.filled = this.alone || field.value.trim() !== "";
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  }

  #onKey(event: KeyboardEvent): void {
    if (isComposing(event)) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#leave();
    } else if (sends(event)) this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.filled) this.dispatchEvent(new CustomEvent("sent", { detail: this.#field.value }));
  }

  #leave(): void {
    this.dispatchEvent(new Event("left"));
  }
}

customElements.define("message-editor", MessageEditor);
