/** The page: conversations on the left (a drawer on a phone); the open one, or the Vision tab, on the right. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { ChatView } from "../chat/view.ts";
import { errorCard } from "../kit/error-card.ts";
import { type Failure, type NextStep, nextStep } from "../kit/failure.ts";
import { onFrame } from "../kit/frame.ts";
import { icons, mark } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { modelButton } from "../models/model-button.ts";
import type { Offline } from "../offline/register.ts";
import type { Tab } from "../state/route.ts";
import type { Workbench } from "../state/workbench.ts";
import { dismissNotice, noticeList, unread, updateOffer } from "./banners.ts";
import type { ConversationActions } from "./conversation-list.ts";
import { otherTab, type TabLinks, tabLinks } from "./tab-links.ts";
import { currentTheme, switchTheme, type Theme } from "./theme.ts";

const THEMES: Record<Theme, string> = {
  auto: "Colours: as the system",
  light: "Colours: light",
  dark: "Colours: dark",
};

export class AlcoveApp extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    offline: { attribute: false },
    drawer: { state: true },
    theme: { state: true },
    choosing: { state: true },
    eyes: { state: true },
  };
  declare workbench: Workbench;
  declare offline: Offline;
  /** The drawer is open; means nothing where there is room for a sidebar. */
  declare private drawer: boolean;
  declare private theme: Theme;
  /** The dialog for models is open. */
  declare private choosing: boolean;
  /** Whether the script of the Vision tab is here. */
  declare private eyes: "absent" | "here" | "failed";
  readonly #phone = matchMedia("(max-width: 760px)");
  readonly #redraw = onFrame(() => this.requestUpdate());
  readonly #actions: ConversationActions = {
    open: (id) => this.#go(() => this.workbench.open(id)),
    rename: (id, title) => void this.workbench.rename(id, title),
    remove: (id) => void this.workbench.remove(id),
  };

  constructor() {
    super();
    this.drawer = false;
    this.theme = currentTheme();
    this.choosing = false;
    this.eyes = "absent";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.workbench.addEventListener("change", this.#redraw);
    this.offline.addEventListener("change", this.#redraw);
    this.#phone.addEventListener("change", () => this.requestUpdate());
    addEventListener("keydown", this.#onKey);
  }

  protected override firstUpdated(): void {
    if (!this.#phone.matches && this.workbench.tab === "chat") this.#view.focusComposer();
  }

  protected override willUpdate(): void {
    if (this.workbench.tab === "vision") void this.#loadVision();
  }

  protected override updated(_changed: PropertyValues<this>): void {
    const { tab, title, thread } = this.workbench;
    const open = tab === "vision" ? "Vision" : thread.id ? title : "";
    document.title = open ? `${open} · Alcove` : "Alcove";
  }

  get #view(): ChatView {
    return this.querySelector("chat-view") as ChatView;
  }

  override render() {
    const { workbench, offline } = this;
    const vision = workbench.tab === "vision";
    const hidden = this.#phone.matches && !this.drawer;
    return html`
      <div class="scrim" ?hidden=${!this.drawer} @click=${() => this.#setDrawer(false)}></div>
      <aside id="sidebar" class="sidebar" aria-label="Sidebar" ?inert=${hidden} data-open=${this.drawer}>
        ${this.#sidebar()}
      </aside>
      <main class="main" ?inert=${this.#phone.matches && this.drawer}>
        <header class="topbar">
          <button
            type="button"
            class="icon-button phone-only"
            data-testid="open-drawer"
            aria-label="Conversations"
            aria-expanded=${this.drawer ? "true" : "false"}
            aria-controls="sidebar"
            @click=${() => this.#setDrawer(true)}
          >
            ${icons.menu}
          </button>
          <div class="topbar-names">
            <h1 tabindex="-1">${vision ? "Vision" : workbench.title}</h1>
            ${vision ? nothing : modelButton(workbench.thread.choice, () => void this.#choose())}
          </div>
          ${otherTab(this.#tabs)}
          <button
            type="button"
            class="icon-button phone-only"
            data-testid="new-chat-compact"
            aria-label="New conversation"
            ?hidden=${vision}
            @click=${() => this.#startNew()}
          >
            ${icons.plus}
          </button>
        </header>
        <div class="banners">
          ${updateOffer(offline.updateReady, () => offline.update())} ${this.#notices()} ${this.#failure()}
        </div>
        ${vision ? this.#vision() : nothing}
        <chat-view
          ?hidden=${vision}
          .thread=${workbench.thread}
          .status=${workbench.status}
          .offline=${offline.words}
          .choice=${workbench.thread.choice}
          @step=${(event: CustomEvent<NextStep>) => void this.#take(event.detail)}
        ></chat-view>
      </main>
      ${
        this.choosing
          ? html`<model-dialog .workbench=${workbench} @closed=${() => void this.#chosen()}></model-dialog>`
          : nothing
      }
    `;
  }

  #sidebar(): TemplateResult {
    return html`
      <header class="brand">
        ${mark}<span>Alcove</span>
        <button
          type="button"
          class="icon-button phone-only"
          data-testid="close-drawer"
          aria-label="Close"
          @click=${() => this.#setDrawer(false)}
        >
          ${icons.close}
        </button>
      </header>
      ${tabLinks(this.#tabs)}
      <button
        type="button"
        class="button new-chat"
        data-testid="new-chat"
        title="New conversation (Ctrl+Shift+O)"
        @click=${() => this.#startNew()}
      >
        ${icons.plus} New conversation
      </button>
      <conversation-list
        .conversations=${this.workbench.conversations}
        .current=${this.workbench.tab === "chat" ? this.workbench.thread.id : undefined}
        .running=${this.workbench.runningIds}
        .actions=${this.#actions}
      ></conversation-list>
      <footer class="sidebar-foot">
        <p data-testid="privacy-line">${this.#privacy()}</p>
        <button
          type="button"
          class="icon-button"
          data-testid="theme"
          aria-label=${THEMES[this.theme]}
          title=${THEMES[this.theme]}
          @click=${() => {
            this.theme = switchTheme();
          }}
        >
          ${icons[this.theme]}
        </button>
      </footer>
    `;
  }

  get #tabs(): TabLinks {
    const { tab, thread } = this.workbench;
    return { open: tab, conversation: thread.id, go: (to) => void this.#open(to) };
  }

  #vision(): TemplateResult {
    if (this.eyes === "failed") {
      const failure: Failure = {
        code: "download-failed",
        message: "The Vision tab could not be loaded.",
        action: "Check the connection and try again.",
      };
      return html`<div class="banners">${errorCard(failure, () => location.reload(), null, "reload")}</div>`;
    }
    if (this.eyes === "absent") return html``;
    return html`<vision-tab .workbench=${this.workbench} @chat=${() => void this.#open("chat")}></vision-tab>`;
  }

  /** The Vision tab is no part of the first load. */
  async #loadVision(): Promise<void> {
    if (this.eyes !== "absent") return;
    try {
      await import("../vision/tab.ts");
      this.eyes = "here";
    } catch {
      this.eyes = "failed";
    }
  }

  #privacy(): string {
    const { choice } = this.workbench.thread;
    if (this.workbench.tab === "vision") return "Nothing leaves this device.";
    if (choice?.provider !== "openai") return "Nothing leaves this device.";
    return `This conversation goes to ${choice.device}.`;
  }

  #notices(): TemplateResult {
    const { alcove, remark } = this.workbench;
    const notices = unread([...(alcove?.capabilities.notices ?? []), ...this.offline.notices]);
    return noticeList(remark ? [remark, ...notices] : notices, (notice) => {
      if (notice === remark) this.workbench.remark = "";
      else dismissNotice(notice);
      this.requestUpdate();
    });
  }

  /** What keeps Alcove as a whole from working; what failed in a conversation is shown there. */
  #failure(): TemplateResult | typeof nothing {
    const { failure, status, thread } = this.workbench;
    if (failure) return errorCard(failure, () => location.reload(), null, "reload");
    // The Vision tab says itself what fails there.
    if (this.workbench.tab === "vision") return nothing;
    if (status.phase !== "error" || !status.error || thread.failure) return nothing;
    const step = nextStep(status.error);
    const helps = step === "redownload" || step === "choose" ? step : "reload";
    return errorCard(status.error, (chosen) => void this.#take(chosen), null, helps);
  }

  async #take(step: NextStep): Promise<void> {
    if (step === "choose") {
      await this.#choose();
      return;
    }
    // When the files cannot be removed the next load checks them anyway, and says what is wrong.
    if (step === "redownload") await this.workbench.forgetModel().catch(() => undefined);
    if (step === "redownload" && this.workbench.thread.failure) await this.workbench.thread.retry();
    else location.reload();
  }

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

  #startNew(): void {
    this.#go(() => this.workbench.startNew());
  }

  async #open(tab: Tab): Promise<void> {
    this.workbench.openTab(tab);
    this.drawer = false;
    await this.updateComplete;
    if (tab === "chat" && !this.#phone.matches) this.#view.focusComposer();
    else this.querySelector<HTMLElement>("h1")?.focus();
  }

  #go(move: () => void): void {
    move();
    this.drawer = false;
    void this.updateComplete.then(() => this.#view.focusComposer());
  }

  async #setDrawer(open: boolean): Promise<void> {
    this.drawer = open;
    await this.updateComplete;
    const target = open ? "[data-testid=close-drawer]" : "[data-testid=open-drawer]";
    this.querySelector<HTMLElement>(target)?.focus();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && !event.defaultPrevented) {
      if (this.drawer && this.#phone.matches) void this.#setDrawer(false);
      else if (this.workbench.tab === "chat") this.workbench.thread.stop();
    } else if (event.key.toLowerCase() === "o" && event.shiftKey && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.#startNew();
    }
  };
}

customElements.define("alcove-app", AlcoveApp);
