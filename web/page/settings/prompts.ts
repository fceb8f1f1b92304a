/** The person's prompts: written, changed, deleted, and put into the message; and some to begin with. */
import { html, nothing, type TemplateResult } from "lit";
import type { PromptEntry } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import { examples } from "../state/example-words.ts";
import { HOME } from "../state/route.ts";
import type { Workbench } from "../state/workbench.ts";
import { PROMPTS, type SettingsStore } from "./settings-store.ts";
import { w } from "./words.ts";

/** What is being written: without an id a new one. */
type Draft = Omit<PromptEntry, "id"> & { id?: string };

class SettingsPrompts extends LightElement {
  static override properties = {
    store: { attribute: false },
    prompts: { attribute: false },
    workbench: { attribute: false },
    draft: { state: true },
    asked: { state: true },
  };
  declare store: SettingsStore;
  declare prompts: readonly PromptEntry[];
  declare workbench: Workbench;
  declare private draft: Draft | null;
  /** The prompt about which it is asked whether it shall be deleted. */
  declare private asked: string | null;

  constructor() {
    super();
    this.prompts = [];
    this.draft = null;
    this.asked = null;
  }

  override render(): TemplateResult {
    const failure = this.store.failures.get(PROMPTS);
    return html`<p class="note">${w.slash({ key: html`<kbd>/</kbd>` })}</p>
      ${failure ? failureLine(failure, "prompts-failure") : nothing}
      ${this.draft && !this.draft.id ? this.#form(this.draft) : this.#add()}
      ${this.prompts.length ? html`<ul class="prompts" data-testid="prompts">${this.prompts.map((prompt) => this.#row(prompt))}</ul>` : nothing}
      <h3>${w.toBegin}</h3>
      <ul class="prompts">
        ${examples().map(
          ({ title, text }) => html`<li class="prompt">
            <h4>${title}</h4>
            <p class="prompt-text">${text.trim()}</p>
            <div class="card-actions">
              <button type="button" class="button" aria-label=${w.useThat({ title })} @click=${() => this.#use(text)}>${w.use}</button>
              <button
                type="button"
                class="button"
                aria-label=${w.makeThatYours({ title })}
                @click=${() => this.#write({ title, text })}
              >${w.makeYours}</button>
            </div>
          </li>`,
        )}
      </ul>`;
  }

  #add(): TemplateResult {
    return html`<button type="button" class="button" data-testid="prompt-add" @click=${() => this.#write({ title: "", text: "" })}>
      ${icons.plus} ${w.newPrompt}
    </button>`;
  }

  #row(prompt: PromptEntry): TemplateResult {
    const { id, title, text } = prompt;
    if (this.draft?.id === id) return html`<li class="prompt">${this.#form(this.draft)}</li>`;
    return html`<li class="prompt" data-testid="prompt" data-prompt=${id}>
      <h3><bdi>${title}</bdi></h3>
      <p class="prompt-text">${text}</p>
      ${
        this.asked === id
          ? html`<div class="card-actions">
              <button type="button" class="button danger" data-testid="prompt-delete-confirm" @click=${() => void this.#remove(id)}>${w.delete({ title })}</button>
              <button type="button" class="button" @click=${() => this.#keep(id)}>${common.keep}</button>
            </div>`
          : html`<div class="card-actions">
              <button type="button" class="button" data-testid="prompt-use" aria-label=${w.useThat({ title })} @click=${() => this.#use(text)}>${w.use}</button>
              ${smallButton({ icon: icons.rename, testId: "prompt-edit", label: w.edit({ title }) }, () => this.#write(prompt))}
              ${smallButton({ icon: icons.trash, testId: "prompt-delete", label: w.delete({ title }) }, () => this.#ask(id))}
            </div>`
      }
    </li>`;
  }

  #form({ id, title, text }: Draft): TemplateResult {
    return html`<form class="prompt-form" data-testid="prompt-form" @submit=${this.#save}>
      <label>${w.name}<input class="field" name="title" required maxlength="200" data-testid="prompt-title" .value=${title} /></label>
      <label>${w.text}<textarea class="field" name="text" rows="5" required maxlength="100000" data-testid="prompt-text" .value=${text}></textarea></label>
      <div class="card-actions">
        <button type="submit" class="button primary" data-testid="prompt-save">${common.keep}</button>
        <button type="button" class="button" data-testid="prompt-leave" @click=${() => void this.#left(id)}>${common.cancel}</button>
      </div>
    </form>`;
  }

  async #write(draft: Draft): Promise<void> {
    this.draft = draft;
    this.asked = null;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[name=title]")?.focus();
  }

  /** The focus goes back to where it came from. */
  async #left(id: string | undefined): Promise<void> {
    this.draft = null;
    await this.updateComplete;
    this.#focus(id ? `[data-prompt="${id}"] [data-testid=prompt-edit]` : "[data-testid=prompt-add]");
  }

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const id = this.draft?.id;
    const text = (name: string) => String(given.get(name) ?? "").replaceAll("\r\n", "\n");
    const kept = { ...(id && { id }), title: text("title"), text: text("text") };
    if (await this.store.keepPrompt(kept)) await this.#left(id);
  };

  async #ask(id: string): Promise<void> {
    this.asked = id;
    await this.updateComplete;
    this.#focus("[data-testid=prompt-delete-confirm]");
  }

  async #keep(id: string): Promise<void> {
    this.asked = null;
    await this.updateComplete;
    this.#focus(`[data-prompt="${id}"] [data-testid=prompt-delete]`);
  }

  async #remove(id: string): Promise<void> {
    this.asked = null;
    await this.store.removePrompt(id);
    await this.updateComplete;
    this.#focus("[data-testid=prompt-add]");
  }

  #focus(selector: string): void {
    this.querySelector<HTMLElement>(selector)?.focus();
  }

  /** Puts it into the message, after what stands there. */
  #use(text: string): void {
    const { thread } = this.workbench;
    const { draft } = thread.drafts;
    thread.drafts.draft = draft ? `${draft}\n\n${text}` : text;
    this.workbench.openTab(HOME);
    thread.dispatchEvent(new Event("draft"));
  }
}

customElements.define("settings-prompts", SettingsPrompts);
