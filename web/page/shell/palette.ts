/** The palette: a field, and below it what its letters find among conversations, models, agents, settings and actions. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { AgentEntry } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { answers } from "../kit/models/filter.ts";
import { optionAfter } from "../kit/typing/active-option.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { matching } from "../kit/typing/fuzzy.ts";
import { SITE } from "../state/site.ts";
import type { Workbench } from "../state/workbench.ts";
import { type PaletteActions, type PaletteItem, paletteItems } from "./palette-items.ts";
import { w } from "./palette-words.ts";
import { TABS } from "./tabs.ts";

/** Nobody reads further; who wants another types on. */
const MOST_SHOWN = 50;
/** Of a title as long as a book the beginning is looked through. */
const MOST_LOOKED = 300;

/** A model's id may hold what no id of an element may. */
const domId = ({ id }: PaletteItem): string => `palette-${encodeURIComponent(id)}`;

/** Emits `closed`; whoever opened it takes it away then. What is chosen is done after that. */
class CommandPalette extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    actions: { attribute: false },
    selected: { attribute: false },
    typed: { state: true },
    at: { state: true },
    agents: { state: true },
  };
  declare workbench: Workbench;
  declare actions: PaletteActions;
  /** Something of an answer is selected. */
  declare selected: boolean;
  declare private typed: string;
  /** Which of those that are shown is meant. */
  declare private at: number;
  declare private agents: readonly AgentEntry[];
  #chosen: PaletteItem | null = null;
  readonly #redraw = () => this.requestUpdate();

  constructor() {
    super();
    this.typed = "";
    this.at = 0;
    this.agents = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.workbench.models.addEventListener("change", this.#redraw);
    void this.#bring().catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.workbench.models.removeEventListener("change", this.#redraw);
  }

  /** What takes its time to be listed comes into the open palette. */
  async #bring(): Promise<void> {
    await this.workbench.models.refresh();
    this.agents = await (await this.workbench.opened).agents.list();
  }

  protected override firstUpdated(): void {
    this.#dialog.showModal();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("at") || changed.has("typed"))
      this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  get #shown(): PaletteItem[] {
    const { conversations, models, thread } = this.workbench;
    const known = {
      tabs: TABS,
      workbench: !SITE || SITE.workbench,
      busy: thread.busy,
      selected: this.selected,
      conversations,
      // Others would be fetched first: that is not done by one key.
      models: (models.entries ?? []).filter((entry) => entry.cached && entry.fits && answers(entry)),
      agents: this.agents,
    };
    const items = paletteItems(known, this.actions);
    return matching(
      items,
      this.typed,
      ({ name, kind, also = "" }) => `${name.slice(0, MOST_LOOKED)} ${w[kind]} ${also.slice(0, MOST_LOOKED)}`,
    ).slice(0, MOST_SHOWN);
  }

  override render(): TemplateResult {
    const shown = this.#shown;
    const meant = shown[Math.min(this.at, shown.length - 1)];
    return html`<dialog
      class="palette"
      data-testid="palette"
      aria-label=${w.title}
      @close=${this.#closed}
      @click=${(event: Event) => event.target === this.#dialog && this.#dialog.close()}
      @keydown=${(event: KeyboardEvent) => this.#onKey(event, shown, meant)}
    >
      <input
        class="palette-field"
        type="text"
        role="combobox"
        aria-label=${w.hint}
        placeholder=${w.hint}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        aria-activedescendant=${meant ? domId(meant) : nothing}
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        data-testid="palette-field"
        @input=${({ currentTarget }: Event) => {
          this.typed = (currentTarget as HTMLInputElement).value;
          this.at = 0;
        }}
      />
      <ul id="palette-list" class="palette-list" role="listbox" aria-label=${w.found}>
        ${repeat(
          shown,
          ({ id }) => id,
          (item) => this.#option(item, item === meant),
        )}
      </ul>
      ${shown.length ? nothing : html`<p class="palette-none">${w.none}</p>`}
      <p class="visually-hidden" role="status">${this.typed ? w.count({ count: shown.length }) : ""}</p>
    </dialog>`;
  }

  #option(item: PaletteItem, meant: boolean): TemplateResult {
    const { kind, name, keys } = item;
    return html`<li
      id=${domId(item)}
      class="palette-item"
      role="option"
      data-testid="palette-item"
      aria-selected=${meant ? "true" : "false"}
      @click=${() => this.#choose(item)}
    >
      <span class="palette-name"><bdi>${name}</bdi></span>
      <span class="palette-kind">${keys ? html`<kbd>${keys}</kbd>` : w[kind]}</span>
    </li>`;
  }

  #onKey(event: KeyboardEvent, shown: readonly PaletteItem[], meant: PaletteItem | undefined): void {
    // Nothing behind the palette hears of its keys.
    event.stopPropagation();
    if (isComposing(event)) return;
    const to = optionAfter(event.key, Math.min(this.at, shown.length - 1), shown.length);
    const again = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
    if (to === null && event.key !== "Enter" && !again) return;
    event.preventDefault();
    if (to !== null) this.at = to;
    else if (again) this.#dialog.close();
    else if (meant) this.#choose(meant);
  }

  #choose(item: PaletteItem): void {
    this.#chosen = item;
    this.#dialog.close();
  }

  /** First the focus goes back to where it was; what is done then may take it elsewhere. */
  readonly #closed = (): void => {
    this.dispatchEvent(new Event("closed"));
    this.#chosen?.run();
  };
}

customElements.define("command-palette", CommandPalette);
