/**
 * The conversations on this device, with a menu each. Of a long list only the rows near what is seen are drawn, and
 * those that have the focus or are edited.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ConversationSummary } from "../../sdk/index.ts";
import { cssVariable } from "../kit/css-variable.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { isComposing } from "../kit/typing/composing.ts";
import type { ConversationActions } from "./conversation-actions.ts";
import { foldersOf, type Group, groupsOf } from "./groups.ts";
import { RowWindow } from "./row-window.ts";
import { w } from "./words.ts";

/** What stands where no conversation is listed. */
const hint = (listing: "opening" | "listed" | "failed"): string =>
  ({ opening: w.listOpening, listed: w.listEmpty, failed: w.listFailed })[listing];

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
  /** Id of a conversation whose title, or new folder, is typed; or key of a folder that gets another name. */
  declare private edited: { id: string; how: "rename" | "folder" } | null;
  /** Keys of the groups that are not as they are at first: folders are open, what is put away is folded. */
  readonly #turned = new Set<string>();
  #groups: readonly Group[] = [];
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
    const row = this.#listed.findIndex(({ id }) => id === this.#wanted);
    if (row < 0) return;
    const drawn = this.querySelector(`[data-id="${CSS.escape(this.#wanted)}"]`);
    if (drawn) {
      this.#wanted = undefined;
      this.#window.show(drawn);
    } else this.#window.reveal(row); // which draws it
  }

  /** Each time: the day, and the language, may have changed. */
  protected override willUpdate(): void {
    this.#groups = groupsOf(this.conversations);
  }

  /** In the order of the list, without what is folded away. */
  get #listed(): ConversationSummary[] {
    return this.#groups.flatMap((group) => (this.#isFolded(group) ? [] : group.rows));
  }

  #isFolded({ key, kind }: Group): boolean {
    return (kind === "archived") !== this.#turned.has(key);
  }

  override render() {
    let first = 0;
    return html`<nav aria-label=${w.conversations} tabindex="-1" data-testid="conversation-list">
      ${this.conversations.length ? nothing : html`<p class="hint" data-testid="list-hint">${hint(this.listing)}</p>`}
      ${this.conversations.length ? this.#search() : nothing}
      ${repeat(
        this.#groups,
        ({ key }) => key,
        (group) => {
          const folded = this.#isFolded(group);
          const rows = folded ? [] : this.#rows(group.rows, first);
          first += folded ? 0 : group.rows.length;
          return html`${this.#heading(group, folded)}
            <ul ?hidden=${folded}>
              ${repeat(
                rows,
                ([key]) => key,
                ([, row]) => row,
              )}
            </ul>`;
        },
      )}
    </nav>`;
  }

  #search(): TemplateResult {
    return html`<button type="button" class="search-open" data-testid="search-open" @click=${() => this.actions.search()}>
      ${icons.search} ${w.search}
    </button>`;
  }

  #heading(group: Group, folded: boolean): TemplateResult {
    const { key, kind, title, rows } = group;
    if (kind === "pinned" || kind === "day") return html`<h2>${title}</h2>`;
    if (this.edited?.id === key) {
      return this.#field(key, title, w.folderName, (name) => this.#replaceFolder(rows, name));
    }
    const turn = () => {
      if (!this.#turned.delete(key)) this.#turned.add(key);
      this.requestUpdate();
    };
    return html`<h2 class="foldable" data-testid="list-group">
      <button type="button" class="fold" aria-expanded=${folded ? "false" : "true"} @click=${turn}>
        ${icons.chevron} <span>${title}</span>
      </button>
      ${
        kind === "folder"
          ? smallButton(
              { icon: icons.more, testId: "folder-more", label: w.more({ name: title }), title: w.moreShort },
              (event) => void this.#folderMenu(event, group),
            )
          : nothing
      }
    </h2>`;
  }

  async #folderMenu({ currentTarget }: Event, { key, title, rows }: Group): Promise<void> {
    const { openFolderMenu } = await import("./conversation-menu.ts");
    const dissolve = () => {
      this.#replaceFolder(rows, "");
      this.querySelector("nav")?.focus();
    };
    openFolderMenu(currentTarget as HTMLElement, title, () => void this.#edit(key, "rename"), dissolve);
  }

  /** Also what is pinned or put away stands in the folder. */
  #replaceFolder(rows: readonly ConversationSummary[], folder: string): void {
    const before = rows[0]?.folder;
    for (const each of this.conversations) {
      if (each.folder === before) this.actions.place(each.id, { folder });
    }
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
    const content = this.edited?.id === id ? this.#editing(conversation) : this.#plain(conversation);
    return html`<li
      class="conversation"
      data-testid="conversation-item"
      data-id=${id}
      aria-posinset=${place}
      aria-setsize=${of}
    >
      ${content}
    </li>`;
  }

  #plain(conversation: ConversationSummary): TemplateResult {
    const { id, title } = conversation;
    const name = title || w.conversation;
    return html`<button
        type="button"
        class="conversation-open"
        aria-current=${id === this.current ? "page" : nothing}
        title=${name}
        @click=${() => this.actions.open(id)}
      >
        ${this.running.has(id) ? html`<span class="lamp" role="img" aria-label=${w.answering}></span>` : nothing}
        <span class="conversation-title">${name}</span>
      </button>
      ${smallButton(
        { icon: icons.more, testId: "conversation-more", label: w.more({ name }), title: w.moreShort },
        (event) => void this.#menu(event, conversation, name),
      )}`;
  }

  async #menu({ currentTarget }: Event, conversation: ConversationSummary, name: string): Promise<void> {
    const { openConversationMenu } = await import("./conversation-menu.ts");
    openConversationMenu(currentTarget as HTMLElement, name, {
      conversation,
      folders: foldersOf(this.conversations),
      actions: this.actions,
      edit: (how) => void this.#edit(conversation.id, how),
      left: () => this.querySelector("nav")?.focus(),
    });
  }

  #editing({ id, title }: ConversationSummary): TemplateResult {
    return this.edited?.how === "folder"
      ? this.#field(id, "", w.folderName, (folder) => this.actions.place(id, { folder }))
      : this.#field(id, title, w.title, (name) => this.actions.rename(id, name));
  }

  #field(id: string, before: string, label: string, take: (name: string) => void): TemplateResult {
    const keep = (event: Event) => {
      event.preventDefault();
      if (this.edited?.id !== id) return;
      const name = this.querySelector<HTMLInputElement>(".rename-field")?.value.trim();
      if (name && name !== before) take(name);
      void this.#done(id);
    };
    return html`<form class="rename" @submit=${keep} @keydown=${this.#onKey}>
      <input
        class="rename-field"
        data-testid="conversation-title-field"
        aria-label=${label}
        placeholder=${label}
        maxlength="120"
        .value=${before}
        @blur=${keep}
      />
    </form>`;
  }

  async #edit(id: string, how: "rename" | "folder"): Promise<void> {
    this.edited = { id, how };
    await this.updateComplete;
    const field = this.querySelector<HTMLInputElement>(".rename-field");
    field?.select();
    field?.focus();
  }

  /** Back to the plain row, with the focus where it was. */
  async #done(id: string): Promise<void> {
    const inside = this.contains(document.activeElement);
    this.edited = null;
    await this.updateComplete;
    const row = this.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"] .conversation-open`);
    // A folder that got another name is another group.
    if (inside) (row ?? this.querySelector("nav"))?.focus();
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
