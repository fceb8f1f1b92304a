/** The Settings tab: one part at a time, each with an address of its own. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { errorCard, failureLine } from "../kit/error-card.ts";
import type { NextStep } from "../kit/failure.ts";
import { onFrame } from "../kit/frame.ts";
import { LightElement } from "../kit/light-element.ts";
import { onePer } from "../kit/one-per.ts";
import { choices } from "../state/choices.ts";
import { currentPart, tabUrl } from "../state/route.ts";
import type { TabElement } from "../state/tab.ts";
import type { Workbench } from "../state/workbench.ts";
import { answers } from "./answers.ts";
import { appearance, keyboard } from "./device.ts";
import "./instructions.ts";
import { PARTS, type Part, partNames } from "./part-words.ts";
import "./permissions.ts";
import "./privacy.ts";
import "./prompts.ts";
import { scopes } from "./scopes.ts";
import { ANSWERS, SettingsStore } from "./settings-store.ts";
import { w } from "./words.ts";

/** The one store of the page. */
const storeOf = onePer((workbench: Workbench) => new SettingsStore(workbench));

class SettingsTab extends LightElement implements TabElement {
  static override properties = {
    workbench: { attribute: false },
    take: { attribute: false },
    shown: { state: true },
    failed: { state: true },
  };
  declare workbench: Workbench;
  declare take: (step: NextStep) => Promise<void>;
  declare private shown: Part;
  /** Why another language could not be had. */
  declare private failed: string;
  #store!: SettingsStore;
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());
  readonly #follow = (): void => {
    const named = currentPart();
    this.shown = PARTS.find((part) => part === named) ?? "answers";
  };

  constructor() {
    super();
    this.shown = "answers";
    this.failed = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#store = storeOf(this.workbench);
    this.#store.addEventListener("change", this.#redraw, { signal });
    this.workbench.addEventListener("change", this.#redraw, { signal });
    choices.addEventListener("change", this.#redraw, { signal });
    addEventListener("hashchange", this.#follow, { signal });
    this.#follow();
    void this.#store.follow(signal).catch(() => undefined);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
  }

  focusField(): void {
    this.querySelector<HTMLElement>("[aria-current=page].settings-link")?.focus();
  }

  /** Who opens a part goes on in it: its title is read, and the next key is for what stands below. */
  protected override updated(changed: PropertyValues): void {
    if (!changed.has("shown") || (changed.get("shown") === undefined && !currentPart())) return;
    this.querySelector<HTMLElement>("h2")?.focus();
    this.querySelector(".scroll")?.scrollTo({ top: 0 });
  }

  override render(): TemplateResult {
    return html`<div class="scroll">
      <div class="settings" data-testid="settings">
        <nav class="settings-nav" aria-label=${w.parts}>
          ${PARTS.map(
            (part) => html`<a
              class="tab-link settings-link"
              href=${tabUrl(`settings/${part}`, undefined)}
              data-testid="settings-${part}"
              aria-current=${part === this.shown ? "page" : "false"}
              >${partNames[part]}</a
            >`,
          )}
        </nav>
        <section class="settings-part" aria-labelledby="settings-title">
          <h2 id="settings-title" tabindex="-1">${partNames[this.shown]}</h2>
          ${this.#content()}
        </section>
      </div>
    </div>`;
  }

  #content(): TemplateResult {
    const store = this.#store;
    const { opened, thread, title } = this.workbench;
    switch (this.shown) {
      case "answers":
        return this.#kept(
          html`${scopes(store, title)}${answers(store, thread.choice, () => void this.take("choose"))}`,
        );
      case "instructions":
        return this.#kept(
          html`${scopes(store, title)}<settings-instructions .store=${store} .shown=${store.shown}></settings-instructions>`,
        );
      case "prompts":
        return html`<settings-prompts .store=${store} .prompts=${store.prompts} .workbench=${this.workbench}></settings-prompts>`;
      case "tools":
        return html`<settings-permissions .alcove=${opened}></settings-permissions>`;
      case "appearance":
        return appearance(this.failed, (words) => {
          this.failed = words;
        });
      case "keyboard":
        return keyboard();
      case "privacy":
        return html`<settings-privacy .workbench=${this.workbench}></settings-privacy>`;
    }
  }

  /** What is kept with conversations, once it was read. */
  #kept(content: TemplateResult): TemplateResult {
    const store = this.#store;
    const failure = store.failures.get(ANSWERS);
    if (failure && !store.shown) return errorCard(failure, () => void store.read(), null, "retry");
    if (!store.shown) return html`<p class="note" role="status">${w.reading}</p>`;
    // What was typed stays, and is tried again with the next change.
    return html`${failure ? failureLine(failure, "settings-failure") : nothing}${content}`;
  }
}

customElements.define("settings-tab", SettingsTab);
