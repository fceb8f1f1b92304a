/** The page: tabs and conversations on the left (a drawer on a phone), the open tab on the right. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { SearchHit } from "../../sdk/index.ts";
import { errorCard } from "../kit/error-card.ts";
import { type NextStep, nextStep } from "../kit/failure.ts";
import { onFrame } from "../kit/frame.ts";
import { icons, mark } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { selectedWords } from "../kit/selected-words.ts";
import { isComposing } from "../kit/typing/composing.ts";
import { modelButton } from "../models/model-button.ts";
import type { Offline } from "../offline/register.ts";
import { choices } from "../state/choices.ts";
import { NAME } from "../state/site.ts";
import type { Tab, TabElement } from "../state/tab.ts";
import type { ThreadAgent } from "../state/thread-session.ts";
import { ANSWER, quote } from "../state/turns.ts";
import type { Workbench } from "../state/workbench.ts";
import { crashOffer, dismissNotice, noticeList, reloadOffer, troubleNotice, unread } from "./banners.ts";
import "./conversation-list.ts";
import { common } from "../kit/words/common.ts";
import { ABOVE, type Above } from "./above.ts";
import type { ConversationActions } from "./conversation-actions.ts";
import type { PaletteActions } from "./palette-items.ts";
import { commandOfKey, tabOfKey } from "./tab-keys.ts";
import { compactLinks, type TabLinks, tabLinks } from "./tab-links.ts";
import { TabScripts } from "./tab-scripts.ts";
import { TABS } from "./tabs.ts";
import { themes, w } from "./words.ts";

const agentName = ({ name }: ThreadAgent): TemplateResult =>
  html`<span class="topbar-agent" data-testid="agent-name" title=${w.agent({ name })}>${name}</span>`;

export class AlcoveApp extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    offline: { attribute: false },
    drawer: { state: true },
    choosing: { state: true },
    above: { state: true },
  };
  declare workbench: Workbench;
  /** Comes once the page has nothing more urgent to do. */
  declare offline: Offline | null;
  /** The drawer is open; means nothing where there is room for a sidebar. */
  declare private drawer: boolean;
  /** The dialog for models is open. */
  declare private choosing: boolean;
  /** What is open above everything. */
  declare private above: Above | null;
  /** Where the focus was before. */
  #focused: HTMLElement | null = null;
  readonly #phone = matchMedia("(max-width: 760px)");
  readonly #redraw = onFrame(() => this.requestUpdate());
  readonly #scripts = new TabScripts(() => this.requestUpdate());
  readonly #actions: ConversationActions = {
    open: (id) => this.#go(() => this.workbench.open(id)),
    search: () => void this.#raise("search"),
    rename: (id, title) => void this.workbench.rename(id, title),
    place: (id, changes) => void this.workbench.place(id, changes),
    export: (id) => void this.workbench.export([id]),
    save: (make) => void this.workbench.save(make),
    remove: (id) => this.workbench.remove(id),
  };

  constructor() {
    super();
    this.offline = null;
    this.drawer = false;
    this.choosing = false;
    this.above = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.workbench.addEventListener("change", this.#redraw);
    choices.addEventListener("change", this.#redraw);
    this.#phone.addEventListener("change", () => this.requestUpdate());
    addEventListener("keydown", this.#onKey);
  }

  protected override firstUpdated(): void {
    if (this.#phone.matches) return;
    // By then the tab has drawn itself too.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) this.#element?.focusField?.();
    });
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const { title, thread } = this.workbench;
    const { conversation, name } = this.#tab;
    const open = !conversation ? name : thread.id ? title : "";
    document.title = open ? `${open} · ${NAME}` : NAME;
  }

  get #tab(): Tab {
    return TABS.find(({ address }) => address === this.workbench.tab) ?? TABS[0];
  }

  /** Element of the open tab, once its script is here. */
  get #element(): TabElement | null {
    return this.querySelector<TabElement>(".tab:not([hidden]) > *");
  }

  override render() {
    const { workbench } = this;
    const { conversation, name } = this.#tab;
    const hidden = this.#phone.matches && !this.drawer;
    return html`
      <div class="scrim" ?hidden=${!this.drawer} @click=${() => this.#setDrawer(false)}></div>
      <aside id="sidebar" class="sidebar" aria-label=${w.sidebar} ?inert=${hidden} data-open=${this.drawer}>
        ${this.#sidebar()}
      </aside>
      <main class="main" ?inert=${this.#phone.matches && this.drawer}>
        <header class="topbar">
          <button
            type="button"
            class="icon-button phone-only"
            data-testid="open-drawer"
            aria-label=${w.conversations}
            aria-expanded=${this.drawer ? "true" : "false"}
            aria-controls="sidebar"
            @click=${() => this.#setDrawer(true)}
          >
            ${icons.menu}
          </button>
          <div class="topbar-names">
            <h1 tabindex="-1">${conversation ? workbench.title : name}</h1>
            ${conversation && workbench.thread.session.agent ? agentName(workbench.thread.session.agent) : nothing}
            ${conversation ? modelButton(workbench.thread.choice, () => void this.#choose()) : nothing}
          </div>
          ${compactLinks(this.#links)}
          <button
            type="button"
            class="icon-button phone-only"
            data-testid="new-chat-compact"
            aria-label=${w.newConversation}
            ?hidden=${!conversation}
            @click=${() => this.#startNew()}
          >
            ${icons.plus}
          </button>
        </header>
        <div class="banners">
          ${this.#offers()} ${this.#crash()} ${this.#notices()} ${this.#failure()}
          <away-notices></away-notices>
        </div>
        ${TABS.map((tab) => this.#place(tab))}
      </main>
      ${
        this.choosing
          ? html`<model-dialog .workbench=${workbench} @closed=${() => void this.#chosen()}></model-dialog>`
          : nothing
      }
      ${this.#above()}
    `;
  }

  #sidebar(): TemplateResult {
    const theme = choices.get("theme");
    return html`
      <header class="brand">
        ${mark}<span>${NAME}</span>
        <button
          type="button"
          class="icon-button phone-only"
          data-testid="close-drawer"
          aria-label=${common.close}
          @click=${() => this.#setDrawer(false)}
        >
          ${icons.close}
        </button>
      </header>
      ${tabLinks(this.#links)}
      <button
        type="button"
        class="button new-chat"
        data-testid="new-chat"
        title=${w.newConversationKey}
        @click=${() => this.#startNew()}
      >
        ${icons.plus} ${w.newConversation}
      </button>
      <conversation-list
        .conversations=${this.workbench.conversations}
        .current=${this.#tab.conversation ? this.workbench.thread.id : undefined}
        .running=${this.workbench.runningIds}
        .listing=${this.workbench.listing}
        .actions=${this.#actions}
      ></conversation-list>
      <install-offer></install-offer>
      <footer class="sidebar-foot">
        <p data-testid="privacy-line">${this.#tab.privacy(this.workbench)}</p>
        <button
          type="button"
          class="icon-button"
          data-testid="theme"
          aria-label=${themes[theme]}
          title=${themes[theme]}
          @click=${() => choices.next("theme")}
        >
          ${icons[theme]}
        </button>
      </footer>
    `;
  }

  get #links(): TabLinks {
    const { thread } = this.workbench;
    return { tabs: TABS, open: this.#tab, conversation: thread.id, go: (tab) => void this.#open(tab) };
  }

  /** Where a tab is drawn while it is open. */
  #place(tab: Tab): TemplateResult | typeof nothing {
    const open = tab === this.#tab;
    if (!open && !(tab.kept && this.#scripts.isHere(tab))) return nothing;
    return html`<div class="tab" ?hidden=${!open}>${this.#content(tab)}</div>`;
  }

  #content(tab: Tab): TemplateResult | typeof nothing {
    const place = this.#scripts.bring(tab);
    if (place === "coming") return nothing;
    if (place === "here") {
      const { workbench, offline } = this;
      return tab.draw({ workbench, offline: offline?.words ?? "", take: this.#take });
    }
    const message = w.tabFailed({ tab: tab.name });
    const failure = {
      code: "download-failed",
      message,
      action: w.tabFailedAction,
    } as const;
    return html`<div class="banners">${errorCard(failure, () => location.reload(), null, "reload")}</div>`;
  }

  /** What a reload would bring; none is offered while an answer is written. */
  #offers(): TemplateResult | typeof nothing {
    const { offline, workbench } = this;
    if (!offline || workbench.runningIds.size > 0) return nothing;
    const update = offline.updateOffer;
    return html`${reloadOffer("update", update, () => void offline.update(), offline.updating)}
    ${reloadOffer("isolation", update ? "" : offline.isolationOffer, () => offline.isolate())}`;
  }

  #crash(): TemplateResult | typeof nothing {
    const { workbench } = this;
    const recover = (model: string | null) => void workbench.recover(model).catch(() => undefined);
    return workbench.crash ? crashOffer(workbench.crash, recover, () => recover(null)) : nothing;
  }

  #notices(): TemplateResult {
    const { alcove, remark } = this.workbench;
    const trouble = alcove?.conversations.trouble;
    const home = alcove?.home.trouble;
    const notices = unread([...(alcove?.capabilities.notices ?? []), ...(this.offline?.notices ?? [])]);
    const list = noticeList(remark ? [remark, ...notices] : notices, (notice) => {
      if (notice === remark) this.workbench.remark = "";
      else dismissNotice(notice);
      this.requestUpdate();
    });
    return html`${trouble ? troubleNotice(trouble, () => void this.workbench.export()) : nothing}
      ${home && home.code !== "unsupported" ? troubleNotice(home) : nothing}${list}`;
  }

  /** What keeps Alcove as a whole from working; what failed in a conversation is shown there. */
  #failure(): TemplateResult | typeof nothing {
    const { failure, status, thread } = this.workbench;
    if (failure) return errorCard(failure, () => location.reload(), null, "reload");
    // The other tabs say themselves what fails there.
    if (!this.#tab.conversation) return nothing;
    if (status.phase !== "error" || !status.error || thread.failure) return nothing;
    const step = nextStep(status.error);
    const helps = step === "redownload" || step === "choose" ? step : "reload";
    return errorCard(status.error, (chosen) => void this.#take(chosen), null, helps);
  }

  /** One function for good: a tab's element need not be drawn again because of it. */
  readonly #take = async (step: NextStep): Promise<void> => {
    if (step === "choose") {
      await this.#choose();
      return;
    }
    // When the files cannot be removed the next load checks them anyway, and says what is wrong.
    if (step === "redownload") await this.workbench.forgetModel().catch(() => undefined);
    if (step === "redownload" && this.workbench.thread.failure) await this.workbench.thread.retry();
    else location.reload();
  };

  /** The dialog is no part of the first load. */
  async #choose(): Promise<void> {
    await import("../models/dialog.ts");
    this.choosing = true;
  }

  async #chosen(): Promise<void> {
    this.choosing = false;
    await this.updateComplete;
    this.querySelector<HTMLElement>("[data-testid=model-button]")?.focus();
  }

  #above(): TemplateResult | typeof nothing {
    const closed = () => this.#lower();
    if (this.above === "shortcuts") return html`<shortcuts-sheet @closed=${closed}></shortcuts-sheet>`;
    if (this.above === "search")
      return html`<conversation-search .alcove=${this.workbench.opened} .open=${this.#openHit} @closed=${closed}></conversation-search>`;
    if (!this.above) return nothing;
    return html`<command-palette .workbench=${this.workbench} .actions=${this.#palette} .selected=${this.#selected !== ""} @closed=${closed}></command-palette>`;
  }

  async #raise(what: Above): Promise<void> {
    await ABOVE[what]();
    // One dialog is enough.
    if (document.querySelector("dialog[open]")) return;
    const { activeElement } = document;
    this.#selected = selectedWords(ANSWER);
    this.#focused = activeElement instanceof HTMLElement ? activeElement : null;
    this.above = what;
  }

  #lower(): void {
    this.above = null;
    this.#focused?.focus();
  }

  /** What was selected of an answer when the palette was opened. */
  #selected = "";

  readonly #palette: PaletteActions = {
    openTab: (tab) => void this.#open(tab),
    openPart: (part) => {
      location.hash = `settings/${part}`;
    },
    startNew: () => this.#startNew(),
    search: () => void this.#raise("search"),
    open: (id) => this.#actions.open(id),
    chooseModel: () => void this.#choose(),
    use: (model) => void this.workbench.use({ model }).catch(() => undefined),
    startWith: (agent) => this.#go(() => this.workbench.startWith(agent)),
    showKeys: () => void this.#raise("shortcuts"),
    export: () => void this.workbench.export(),
    stop: () => this.workbench.thread.stop(),
    quote: () => this.#go(() => quote(this.workbench.thread, this.#selected)),
  };

  readonly #openHit = async (hit: SearchHit): Promise<void> => {
    this.#go(() => this.workbench.open(hit.conversation));
    await (await import("../chat/hit.ts")).showHit(this, this.workbench, hit);
  };

  #startNew(): void {
    this.#go(() => this.workbench.startNew());
  }

  async #open(tab: Tab): Promise<void> {
    this.workbench.openTab(tab.address);
    await this.#draw();
    const element = this.#element;
    if (element?.focusField && !this.#phone.matches) element.focusField();
    else this.querySelector<HTMLElement>("h1")?.focus();
  }

  #go(move: () => void): void {
    move();
    void this.#draw().then(() => this.#element?.focusField?.());
  }

  /** Shows what was opened: at once, for the focus goes into it. */
  async #draw(): Promise<void> {
    this.drawer = false;
    this.requestUpdate();
    await this.updateComplete;
  }

  async #setDrawer(open: boolean): Promise<void> {
    this.drawer = open;
    await this.updateComplete;
    const target = open ? "[data-testid=close-drawer]" : "[data-testid=open-drawer]";
    this.querySelector<HTMLElement>(target)?.focus();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === "Escape" && !event.defaultPrevented) {
      if (this.drawer && this.#phone.matches) void this.#setDrawer(false);
      else this.#element?.stop?.();
      return;
    }
    const does = tabOfKey(TABS, event) ?? commandOfKey(event);
    if (!does) return;
    event.preventDefault();
    if (does === "palette" || does === "shortcuts") void this.#raise(does);
    else if (document.querySelector("dialog:modal"))
      return; // what lies behind it cannot be used
    else if (does === "new") this.#startNew();
    else void this.#open(does);
  };
}

customElements.define("alcove-app", AlcoveApp);
