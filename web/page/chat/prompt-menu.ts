/** The prompts that a message may begin with, above the field in which "/" was typed; the focus stays in the field. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Alcove } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { optionAfter } from "../kit/typing/active-option.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { matching } from "../kit/typing/fuzzy.ts";
import { examples } from "../state/example-words.ts";
import { tabUrl } from "../state/route.ts";
import { w } from "./prompt-words.ts";

type Prompt = ReturnType<typeof examples>[number];

const LIST = "prompt-list";
const optionId = (at: number): string => `prompt-option-${at}`;

/** Emits `chosen` with a text as detail, and `left` where the person wants none. */
class PromptMenu extends LightElement {
  static override properties = {
    alcove: { attribute: false },
    field: { attribute: false },
    typed: { attribute: false },
    own: { state: true },
    at: { state: true },
  };
  declare alcove: Promise<Alcove>;
  declare field: HTMLTextAreaElement;
  /** What stands after the "/". */
  declare typed: string;
  declare private own: readonly Prompt[];
  declare private at: number;
  readonly #left = new AbortController();

  constructor() {
    super();
    this.own = [];
    this.at = 0;
  }

  /** It may be drawn before its script is here: only now it has what it was given. */
  protected override firstUpdated(): void {
    // Before the field's own: while a prompt can be chosen, its keys are the menu's.
    this.field.addEventListener("keydown", this.#onKey, { signal: this.#left.signal, capture: true });
    void this.#bring().catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    if (!this.hasUpdated) return;
    for (const name of ["aria-controls", "aria-activedescendant", "aria-autocomplete"])
      this.field.removeAttribute(name);
  }

  async #bring(): Promise<void> {
    this.own = await (await (await this.alcove).presets()).prompts();
  }

  get #shown(): Prompt[] {
    return matching(
      [...this.own, ...examples()],
      this.typed,
      ({ title, text }) => `${title} ${text.slice(0, 200)}`,
    );
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("typed")) this.at = 0;
  }

  protected override updated(): void {
    const some = this.#shown.length > 0;
    for (const [name, value] of [
      ["aria-controls", LIST],
      ["aria-activedescendant", optionId(this.at)],
      ["aria-autocomplete", "list"],
    ] as const) {
      if (some) this.field.setAttribute(name, value);
      else this.field.removeAttribute(name);
    }
    this.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult | typeof nothing {
    const shown = this.#shown;
    // Who begins a message with a slash may mean just that.
    if (!shown.length) return nothing;
    return html`<div class="prompt-menu" data-testid="prompt-menu">
      <ul id=${LIST} class="palette-list" role="listbox" aria-label=${w.prompts}>
        ${shown.map(
          (prompt, at) => html`<li
            id=${optionId(at)}
            class="palette-item"
            role="option"
            data-testid="prompt-option"
            aria-selected=${at === this.at ? "true" : "false"}
            @mousedown=${(event: Event) => event.preventDefault()}
            @click=${() => this.#choose(prompt)}
          >
            <span class="prompt-option"><bdi>${prompt.title}</bdi><small>${prompt.text.trim()}</small></span>
          </li>`,
        )}
      </ul>
      <p class="prompt-menu-foot">
        <span role="status">${w.count({ count: shown.length })}</span>
        <a class="link" href=${tabUrl("settings/prompts", undefined)}>${w.yours}</a>
      </p>
    </div>`;
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const shown = this.#shown;
    const meant = shown[this.at];
    if (isComposing(event) || event.shiftKey || !meant) return;
    const to = optionAfter(event.key, this.at, shown.length);
    if (to === null && !["Enter", "Tab", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (to !== null) this.at = to;
    else if (event.key === "Escape") this.dispatchEvent(new Event("left"));
    else this.#choose(meant);
  };

  #choose({ text }: Prompt): void {
    this.dispatchEvent(new CustomEvent("chosen", { detail: text }));
  }
}

customElements.define("prompt-menu", PromptMenu);
