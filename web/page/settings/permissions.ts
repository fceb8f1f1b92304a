/** Which tools the person has allowed or refused for longer than one call, and the way to take it back. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, Permission, Permissions } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { w } from "./words.ts";

type Listed = Awaited<ReturnType<Permissions["list"]>>[number];

class SettingsPermissions extends LightElement {
  static override properties = { alcove: { attribute: false }, listed: { state: true } };
  declare alcove: Promise<Alcove>;
  declare private listed: readonly Listed[];

  constructor() {
    super();
    this.listed = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#refresh();
  }

  override render() {
    const { listed } = this;
    return html`<p class="note">${w.aboutTools}</p>
      ${
        listed.length
          ? html`<ul class="models" data-testid="permissions">${listed.map((one) => this.#row(one))}</ul>`
          : html`<p class="note" data-testid="permissions-none">${w.nothing}</p>`
      }
      ${
        listed.length > 1
          ? html`<button type="button" class="button" data-testid="permissions-forget" @click=${() => void this.#takeBack(listed)}>${w.askAll}</button>`
          : nothing
      }`;
  }

  #row(one: Listed): TemplateResult {
    const { title } = one;
    const where = one.never
      ? w.never
      : one.conversation === null
        ? w.always
        : title
          ? w.inConversation({ title })
          : w.inSome;
    return html`<li class="model storage-leftover" data-testid="permission" aria-label=${one.tool}>
      <div>
        <h3><bdi>${one.tool}</bdi></h3>
        <p class="model-facts"><span>${where}</span></p>
      </div>
      <div class="storage-buttons">
        <button
          type="button"
          class="button"
          data-testid="permission-take-back"
          aria-label=${w.askBefore({ tool: one.tool })}
          @click=${() => void this.#takeBack([one])}
        >${w.askAgain}</button>
      </div>
    </li>`;
  }

  async #takeBack(decided: readonly Permission[]): Promise<void> {
    const permissions = await (await this.alcove).permissions();
    for (const { tool, origin, conversation } of decided)
      await permissions.takeBack({ tool, origin, conversation });
    await this.#refresh();
    await this.updateComplete;
    // The button that had the focus is gone with its row.
    this.closest("section")?.querySelector<HTMLElement>("h2")?.focus();
  }

  async #refresh(): Promise<void> {
    this.listed = await (await (await this.alcove).permissions()).list();
  }
}

customElements.define("settings-permissions", SettingsPermissions);
