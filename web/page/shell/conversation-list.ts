/** The conversations on this device: open, rename, delete after a second question. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ConversationSummary } from "../../sdk/index.ts";
import { dayGroup } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";

/** What the list asks of the shell. */
export interface ConversationActions {
  open(id: string): void;
  rename(id: string, title: string): void;
  remove(id: string): void;
}

class ConversationList extends LightElement {
  static override properties = {
    conversations: { attribute: false },
    current: { type: String },
    running: { attribute: false },
    actions: { attribute: false },
    edited: { state: true },
  };
  declare conversations: readonly ConversationSummary[];
  declare current: string | undefined;
  /** Ids of the conversations in which an answer is being written. */
  declare running: ReadonlySet<string>;
  declare actions: ConversationActions;
  declare private edited: { id: string; how: "rename" | "delete" } | null;

  constructor() {
    super();
    this.conversations = [];
    this.running = new Set();
    this.edited = null;
  }

  override render() {
    const groups = new Map<string, ConversationSummary[]>();
    for (const conversation of this.conversations) {
      const title = dayGroup(Date.parse(conversation.updated));
      groups.set(title, [...(groups.get(title) ?? []), conversation]);
    }
    return html`<nav aria-label="Conversations" tabindex="-1" data-testid="conversation-list">
      ${this.conversations.length ? nothing : html`<p class="hint">Your conversations will be kept here.</p>`}
      ${[...groups].map(
        ([title, group]) => html`<h2>${title}</h2>
          <ul>
            ${repeat(
              group,
              ({ id }) => id,
              (conversation) => this.#row(conversation),
            )}
          </ul>`,
      )}
    </nav>`;
  }

  #row(conversation: ConversationSummary): TemplateResult {
    const { id, title } = conversation;
    const how = this.edited?.id === id ? this.edited.how : null;
    if (how === "rename") return this.#renaming(conversation);
    if (how === "delete") return this.#deleting(conversation);
    const name = title || "Conversation";
    return html`<li class="conversation" data-testid="conversation-item" data-id=${id}>
      <button
        type="button"
        class="conversation-open"
        aria-current=${id === this.current ? "page" : nothing}
        title=${name}
        @click=${() => this.actions.open(id)}
      >
        ${this.running.has(id) ? html`<span class="lamp" role="img" aria-label="Answering"></span>` : nothing}
        <span class="conversation-title">${name}</span>
      </button>
      ${smallButton(
        { icon: icons.rename, testId: "conversation-rename", label: `Rename ${name}`, title: "Rename" },
        () => void this.#edit(id, "rename"),
      )}
      ${smallButton(
        { icon: icons.trash, testId: "conversation-delete", label: `Delete ${name}`, title: "Delete" },
        () => void this.#edit(id, "delete"),
      )}
    </li>`;
  }

  #renaming({ id, title }: ConversationSummary): TemplateResult {
    const keep = (event: Event) => {
      event.preventDefault();
      if (this.edited?.id !== id) return;
      const name = this.querySelector<HTMLInputElement>(".rename-field")?.value.trim();
      if (name && name !== title) this.actions.rename(id, name);
      void this.#done(id);
    };
    return html`<li class="conversation" data-testid="conversation-item" data-id=${id}>
      <form class="rename" @submit=${keep} @keydown=${this.#onKey}>
        <input
          class="rename-field"
          data-testid="conversation-title-field"
          aria-label="Title of the conversation"
          maxlength="120"
          .value=${title}
          @blur=${keep}
        />
      </form>
    </li>`;
  }

  #deleting({ id, title }: ConversationSummary): TemplateResult {
    return html`<li class="conversation asks" data-testid="conversation-item" data-id=${id} @keydown=${this.#onKey}>
      <p>Delete “${title || "Conversation"}” for good?</p>
      <div class="card-actions">
        <button
          type="button"
          class="button danger"
          data-testid="conversation-delete-confirm"
          @click=${() => this.#delete(id)}
        >
          Delete
        </button>
        <button type="button" class="button edit-focus" @click=${() => void this.#done(id)}>Keep</button>
      </div>
    </li>`;
  }

  async #edit(id: string, how: "rename" | "delete"): Promise<void> {
    this.edited = { id, how };
    await this.updateComplete;
    const field = this.querySelector<HTMLInputElement>(".rename-field");
    field?.select();
    (field ?? this.querySelector<HTMLElement>(".edit-focus"))?.focus();
  }

  #delete(id: string): void {
    this.edited = null;
    this.actions.remove(id);
    this.querySelector("nav")?.focus();
  }

  /** Back to the plain row, with the focus where it was. */
  async #done(id: string): Promise<void> {
    const inside = this.contains(document.activeElement);
    this.edited = null;
    await this.updateComplete;
    if (inside) this.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] .conversation-open`)?.focus();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !this.edited) return;
    event.stopPropagation();
    void this.#done(this.edited.id);
  };
}

customElements.define("conversation-list", ConversationList);
