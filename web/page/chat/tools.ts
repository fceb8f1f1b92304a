/** Chooses the tools of a conversation, and shows what each of them may do. */
import { html, svg, type TemplateResult } from "lit";
import { icon, icons } from "../kit/icons.ts";
import { Sheet } from "../kit/sheet.ts";
import { microphone } from "../kit/sound-icons.ts";
import { MAY, type May, may as mayWords, TOOLS, type ToolWords } from "../kit/words/tools.ts";
import type { Thread } from "../state/thread.ts";
import "./folder.ts";
import "./servers.ts";
import { w } from "./words/sheets.ts";

const PICTURES: Record<May, TemplateResult> = {
  computes: icon(svg`<path d="M4 6h5M6.5 3.5v5M11.5 6h5M4 14h5M11.5 12.5h5M11.5 15.5h5" />`),
  sees: icons.eye,
  hears: microphone,
  speaks: icons.sound,
  reads: icons.disk,
  writes: icons.rename,
  runs: icon(svg`<path d="m6 6-4 4 4 4M14 6l4 4-4 4M11.5 4.5l-3 11" />`),
  network: icon(
    svg`<circle cx="10" cy="10" r="7" /><path d="M3 10h14M10 3c2.5 2.5 2.5 11.5 0 14M10 3c-2.5 2.5-2.5 11.5 0 14" />`,
  ),
};

class ChatTools extends Sheet {
  static override properties = { thread: { attribute: false } };
  declare thread: Thread;
  protected readonly name = "tools";
  protected readonly testId = "tools-sheet";

  override connectedCallback(): void {
    super.connectedCallback();
    // What a kept conversation has is known once it is open; a failure is told by the first message.
    const drawn = () => this.requestUpdate();
    void this.thread.session.connect().then(drawn, () => undefined);
  }

  protected get heading(): string {
    return w.tools;
  }

  protected override content(): TemplateResult {
    return html`<p class="tools-advice">
        ${w.aboutTools}
      </p>
      <div class="tools-scroll">
        <ul class="tools-list">
          ${TOOLS.map((tool) => this.#row(tool))}
          <li class="tools-row"><chat-folder .thread=${this.thread}></chat-folder></li>
        </ul>
        <chat-servers .thread=${this.thread} .busy=${this.thread.busy} @written=${() => this.close()}></chat-servers>
      </div>
      <p class="tools-advice">${this.thread.busy ? w.later : w.fromNext}</p>`;
  }

  #row({ name, title, about, may, asks }: ToolWords): TemplateResult {
    const { session } = this.thread;
    const { tools } = session;
    const on = tools.includes(name);
    const change = () => {
      session.tools = on ? tools.filter((each) => each !== name) : [...tools, name];
      this.requestUpdate();
    };
    return html`<li>
      <label class="tools-row">
        <input type="checkbox" role="switch" data-testid="tool-${name}" .checked=${on} @change=${change}
          ?disabled=${this.thread.busy}
        />
        <span class="tools-words">
          <span class="tools-title">${title}</span>
          <span class="tools-about">${about}</span>
          <span class="tools-may">
            ${may.map((each) => html`<span data-may=${each}>${PICTURES[each]}${MAY[each]}</span>`)}
            ${asks ? html`<span data-may="asks">${icons.shield}${mayWords.asks}</span>` : ""}
          </span>
        </span>
      </label>
    </li>`;
  }
}

customElements.define("chat-tools", ChatTools);
