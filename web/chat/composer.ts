/** Where the person writes. Typing works before anything else does; what is typed is kept as the draft. */
import { html, type PropertyValues } from "lit";
import { icons } from "../shell/icons.ts";
import { LightElement } from "../shell/light-element.ts";
import type { Thread } from "./thread.ts";

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

/** Emits `send` with the text as detail, and `stop`. */
export class ChatComposer extends LightElement {
  static override properties = {
    thread: { attribute: false },
    busy: { type: Boolean },
    filled: { state: true },
  };
  declare thread: Thread;
  declare busy: boolean;
  declare private filled: boolean;
  #bound: Thread | null = null;

  constructor() {
    super();
    this.busy = false;
    this.filled = false;
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  override focus(): void {
    this.#field.focus();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("thread") || this.#bound === this.thread) return;
    this.#bound?.removeEventListener("draft", this.#showDraft);
    this.#bound = this.thread;
    this.thread.addEventListener("draft", this.#showDraft);
    this.#showDraft();
  }

  override render() {
    const action = this.busy
      ? html`<button
          type="button"
          class="round-button"
          data-testid="stop"
          aria-label="Stop"
          title="Stop (Esc)"
          @click=${() => this.dispatchEvent(new Event("stop"))}
        >
          ${icons.stop}
        </button>`
      : html`<button
          type="submit"
          class="round-button"
          data-testid="send"
          aria-label="Send"
          title="Send (Enter)"
          ?disabled=${!this.filled}
        >
          ${icons.send}
        </button>`;
    return html`<form class="composer" @submit=${this.#submit}>
      <label class="visually-hidden" for="composer-field">Message</label>
      <textarea
        id="composer-field"
        data-testid="composer"
        rows="1"
        placeholder="Write a message"
        enterkeyhint="send"
        autocomplete="off"
        @input=${this.#onInput}
        @keydown=${this.#onKey}
      ></textarea>
      ${action}
    </form>`;
  }

  readonly #showDraft = (): void => {
    // While the conversation is read from disk the person may already be typing.
    const field = this.#field;
    field.value = this.thread.draft;
    this.#measure();
  };

  #onInput(): void {
    this.thread.draft = this.#field.value;
    this.#measure();
  }

  #measure(): void {
    const field = this.#field;
    this.filled = field.value.trim() !== "";
    if (GROWS_BY_ITSELF) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  #onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.#field.value;
    if (this.busy || !text.trim()) return;
    this.#field.value = "";
    this.#measure();
    this.dispatchEvent(new CustomEvent("send", { detail: text }));
  }
}

customElements.define("chat-composer", ChatComposer);
