/** What lies where, what leaves this device, and the way to leave nothing behind. */
import { html, nothing, type TemplateResult } from "lit";
import type { McpServer } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { tabUrl } from "../state/route.ts";
import type { Workbench } from "../state/workbench.ts";
import { KEPT } from "./words.ts";

class SettingsPrivacy extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    server: { state: true },
    tools: { state: true },
  };
  declare workbench: Workbench;
  /** Host of the person's own server. */
  declare private server: string;
  declare private tools: readonly McpServer[];

  constructor() {
    super();
    this.server = "";
    this.tools = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#look().catch(() => undefined);
  }

  override render(): TemplateResult {
    return html`<h3>What leaves this device</h3>
      <p class="note" data-testid="privacy-sent">${this.#sent()}</p>
      ${
        this.server
          ? html`<button type="button" class="button" data-testid="privacy-forget-server" @click=${() => void this.#forget()}>
              Forget the server and its key
            </button>`
          : nothing
      }
      <h3>What lies where</h3>
      <dl class="settings-kept">
        ${KEPT.map(
          ({ what, where }) => html`<dt>${what}</dt>
            <dd>${where}</dd>`,
        )}
      </dl>
      <p class="note">
        <a class="link" href=${tabUrl("storage", undefined)}>Storage</a> shows how much of each, and deletes what you choose.
      </p>
      <h3>Leave nothing behind</h3>
      <p class="note">Conversations, models, settings: all of it can be deleted at once, after one more question.</p>
      <a class="button danger" data-testid="privacy-erase" href=${tabUrl("storage/clear", undefined)}>Erase everything…</a>`;
  }

  #sent(): TemplateResult {
    const names = this.tools.map(({ name }) => name).join(", ");
    if (!this.server && !names)
      return html`Nothing that you write, say or show: models run here, and no server is set up.`;
    return html`${this.server ? html`<bdi>${this.server}</bdi> gets the conversations that it answers. ` : nothing}${
      names
        ? html`Servers of tools get what a model sends them, after you allowed it: <bdi>${names}</bdi>. `
        : nothing
    }Everything else stays here.`;
  }

  async #look(): Promise<void> {
    const alcove = await this.workbench.opened;
    const set = await alcove.server.get();
    this.server = set ? new URL(set.baseUrl).host : "";
    this.tools = await (await alcove.mcp()).list();
  }

  async #forget(): Promise<void> {
    await (await this.workbench.opened).server.forget();
    await this.#look();
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-testid=privacy-erase]")?.focus();
  }
}

customElements.define("settings-privacy", SettingsPrivacy);
