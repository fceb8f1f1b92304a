/**
 * The conversations on this device: open, rename, delete after a second question. Of a long list only the rows
 * near what is seen are drawn, and those that have the focus or are edited.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ConversationSummary } from "../../sdk/index.ts";
import { cssVariable } from "../kit/css-variable.ts";
import { dayGroups } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { RowWindow } from "./row-window.ts";

/** What the list asks of the shell. */
export interface ConversationActions {
  open(id: string): void;
  rename(id: string, title: string): void;
  remove(id: string): void;
}

/** What stands where no conversation is listed. */
const HINTS = {
  opening: "Opening your conversations…",
  listed: "Your conversations will be kept here.",
  failed: "Your conversations cannot be read at the moment. Alcove goes on trying.",
};

class ConversationList extends LightElement {
  static override properties = {
    conversations: { attribute: false },
    current: { type: String },
    running: { attribute: false },
    listing: { type: String },
    actions: { attribute: false },
    edited: { state: true },
  };
  declare conversations: readonly ConversationSummary[];
  declare current: string | undefined;
  /** Ids of the conversations in which an answer is being written. */
  declare running: ReadonlySet<string>;
  /** Whether the list is all there is. */
  declare listing: "opening" | "listed" | "failed";
  declare actions: ConversationActions;
  declare private edited: { id: string; how: "rename" | "delete" } | null;
  readonly #window = new RowWindow(this, () => this.requestUpdate());
  /** Id of the conversation whose row has the focus. */
  #focused: string | undefined;
  /** Id of the conversation that is to be scrolled to once it is in the list. */
  #wanted: string | undefined;

  constructor() {
    super();
    this.conversations = [];
    this.running = new Set();
    this.listing = "opening";
    this.edited = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("focusin", ({ target }) => {
      this.#focused = (target as Element).closest<HTMLElement>("[data-id]")?.dataset.id;
    });
    this.addEventListener("focusout", () => {
      this.#focused = undefined;
    });
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("current")) this.#wanted = this.current;
    if (!this.#wanted) return;
    const row = this.conversations.findIndex(({ id }) => id === this.#wanted);
    if (row < 0) return;
    const drawn = this.querySelector(`[data-id="${CSS.escape(this.#wanted)}"]`);
    if (drawn) {
      this.#wanted = undefined;
      this.#window.show(drawn);
    } else this.#window.reveal(row); // which draws it
  }

  override render() {
    const groups = new Map<string, ConversationSummary[]>();
    const dayOf = dayGroups();
    for (const conversation of this.conversations) {
      const title = dayOf(conversation.updated);
      const group = groups.get(title);
      if (group) group.push(conversation);
      else groups.set(title, [conversation]);
    }
    let first = 0;
    return html`<nav aria-label="Conversations" tabindex="-1" data-testid="conversation-list">
      ${this.conversations.length ? nothing : html`<p class="hint" data-testid="list-hint">${HINTS[this.listing]}</p>`}
      ${[...groups].map(([title, group]) => {
        const rows = this.#rows(group, first);
        first += group.length;
        return html`<h2>${title}</h2>
          <ul>
            ${repeat(
              rows,
              ([key]) => key,
              ([, row]) => row,
            )}
          </ul>`;
      })}
    </nav>`;
  }

  /**
   * The rows of a group that are drawn, each with a key, and room for the others.
   * @param first how many rows stand above the group
   */
  #rows(group: readonly ConversationSummary[], first: number): [string, TemplateResult][] {
    const rows: [string, TemplateResult][] = [];
    let next = 0;
    const skip = (to: number) => {
      if (to > next) rows.push([`skipped ${next}`, skipped(to - next)]);
    };
    group.forEach((conversation, index) => {
      if (!this.#isDrawn(conversation.id, first + index)) return;
      skip(index);
      next = index + 1;
      rows.push([conversation.id, this.#row(conversation, next, group.length)]);
    });
    skip(group.length);
    return rows;
  }

  #isDrawn(id: string, row: number): boolean {
    const { from, to } = this.#window;
    return (row >= from && row < to) || id === this.#focused || id === this.edited?.id;
  }

  #row(conversation: ConversationSummary, place: number, of: number): TemplateResult {
    const { id } = conversation;
    const how = this.edited?.id === id ? this.edited.how : null;
    const content =
      how === "rename"
        ? this.#renaming(conversation)
        : how === "delete"
          ? this.#deleting(conversation)
          : this.#plain(conversation);
    return html`<li
      class="conversation ${how === "delete" ? "asks" : ""}"
      data-testid="conversation-item"
      data-id=${id}
      aria-posinset=${place}
      aria-setsize=${of}
      @keydown=${this.#onKey}
    >
      ${content}
    </li>`;
  }

  #plain({ id, title }: ConversationSummary): TemplateResult {
    const name = title || "Conversation";
    return html`<button
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
      )}`;
  }

  #renaming({ id, title }: ConversationSummary): TemplateResult {
    const keep = (event: Event) => {
      event.preventDefault();
      if (this.edited?.id !== id) return;
      const name = this.querySelector<HTMLInputElement>(".rename-field")?.value.trim();
      if (name && name !== title) this.actions.rename(id, name);
      void this.#done(id);
    };
    return html`<form class="rename" @submit=${keep}>
      <input
        class="rename-field"
        data-testid="conversation-title-field"
        aria-label="Title of the conversation"
        maxlength="120"
        .value=${title}
        @blur=${keep}
      />
    </form>`;
  }

  #deleting({ id, title }: ConversationSummary): TemplateResult {
    return html`<p>Delete “${title || "Conversation"}” for good?</p>
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
      </div>`;
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
    if (event.key !== "Escape" || isComposing(event) || !this.edited) return;
    event.stopPropagation();
    void this.#done(this.edited.id);
  };
}

/** Room for rows that are not drawn. */
const skipped = (rows: number): TemplateResult =>
  html`<li class="skipped" aria-hidden="true" ${cssVariable("--rows", rows)}></li>`;

customElements.define("conversation-list", ConversationList);
