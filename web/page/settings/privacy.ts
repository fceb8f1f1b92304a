/** What lies where, what leaves this device, and the way to leave nothing behind. */
import { html, nothing, type TemplateResult } from "lit";
import type { McpServer } from "../../sdk/index.ts";
import { LightElement } from "../kit/light-element.ts";
import { w as tabs } from "../kit/words/tabs.ts";
import { list } from "../kit/words.ts";
import { tabUrl } from "../state/route.ts";
import type { Workbench } from "../state/workbench.ts";
import { w } from "./words.ts";

/** What is kept, by its words. */
const KEPT = ["said", "set", "models", "looks"] as const;

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
    const storage = html`<a class="link" href=${tabUrl("storage", undefined)}>${tabs.storage}</a>`;
    return html`<h3>${w.leaves}</h3>
      <p class="note" data-testid="privacy-sent">${this.#sent()}</p>
      ${
        this.server
          ? html`<button type="button" class="button" data-testid="privacy-forget-server" @click=${() => void this.#forget()}>
              ${w.forgetServer}
            </button>`
          : nothing
      }
      <h3>${w.lies}</h3>
      <dl class="settings-kept">
        ${KEPT.map(
          (what) => html`<dt>${w[what]}</dt>
            <dd>${w[`${what}Where`]}</dd>`,
        )}
      </dl>
      <p class="note">${w.storageShows({ link: storage })}</p>
      <h3>${w.behind}</h3>
      <p class="note">${w.aboutErase}</p>
      <a class="button danger" data-testid="privacy-erase" href=${tabUrl("storage/clear", undefined)}>${w.erase}</a>`;
  }

  #sent(): unknown {
    const { server, tools } = this;
    if (!server && !tools.length) return w.leavesNothing;
    const names = html`<bdi>${list(tools.map(({ name }) => name))}</bdi>`;
    return html`${server ? w.toServer({ server: html`<bdi>${server}</bdi>` }) : nothing}
    ${tools.length ? w.toTools({ names }) : nothing} ${w.rest}`;
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
