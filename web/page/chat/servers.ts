/** The MCP servers of the person: which of them a conversation has, what they offer, and the form that adds one. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { McpServer, McpServers } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { LightElement } from "../kit/light-element.ts";
import { w as fields } from "../kit/models/list-words.ts";
import { common } from "../kit/words/common.ts";
import type { Thread } from "../state/thread.ts";
import { serverRow } from "./server-row.ts";
import { servers as w } from "./words/sheets.ts";

/** Emits `written` when something of a server stands in the composer. */
class ChatServers extends LightElement {
  static override properties = {
    thread: { attribute: false },
    busy: { type: Boolean },
    servers: { state: true },
    waiting: { state: true },
    failure: { state: true },
  };
  declare thread: Thread;
  declare busy: boolean;
  declare private servers: readonly McpServer[];
  /** Something is asked of a server. */
  declare private waiting: boolean;
  declare private failure: Failure | null;
  #mcp: McpServers | null = null;

  constructor() {
    super();
    this.servers = [];
    this.waiting = false;
    this.failure = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#begin().catch((thrown) => {
      this.failure = toFailure(thrown);
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#mcp?.removeEventListener("change", this.#hear);
  }

  async #begin(): Promise<void> {
    const mcp = await this.thread.session.mcp();
    if (!this.isConnected) return;
    this.#mcp = mcp;
    mcp.addEventListener("change", this.#hear);
    await this.#read();
  }

  /** What cannot be read now is with the next change. */
  readonly #hear = (): void => void this.#read().catch(() => undefined);

  async #read(): Promise<void> {
    const mcp = this.#mcp;
    if (!mcp) return;
    this.servers = await mcp.list();
    const unknown = this.servers.filter(({ state }) => state === "unknown");
    if (!unknown.length) return;
    // One that another tab has just taken away is not there any more.
    await Promise.allSettled(unknown.map(({ id }) => mcp.look(id)));
    this.servers = await mcp.list();
  }

  protected override updated(changed: PropertyValues): void {
    // The button that was pressed may stand far from it.
    if (changed.has("failure")) this.querySelector(".failed")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    return html`<section class="servers" aria-labelledby="servers-title">
      <h3 id="servers-title">${w.title}</h3>
      <p class="tools-about">${w.about({ leaves: html`<strong>${w.leaves}</strong>` })}</p>
      <ul class="servers-list">
        ${this.servers.map((server) => this.#row(server))}
      </ul>
      ${this.failure ? failureLine(this.failure, "mcp-failure") : nothing}
      <details class="servers-add" data-testid="mcp-add">
        <summary>${w.add}</summary>
        ${this.#form()}
      </details>
    </section>`;
  }

  #row(server: McpServer): TemplateResult {
    const { id } = server;
    // Where a server answers late, it is another that is shown.
    const { thread } = this;
    const { session } = thread;
    const tool = `mcp:${id}` as const;
    const on = session.tools.includes(tool);
    const others = () => session.tools.filter((each) => each !== tool);
    const act = (work: (mcp: McpServers) => Promise<unknown>) => void this.#try(work);
    return serverRow(server, {
      on,
      fixed: this.busy,
      waiting: this.waiting,
      use: () => {
        session.tools = on ? others() : [...others(), tool];
        this.requestUpdate();
      },
      choose: (names) => act((mcp) => mcp.choose(id, names)),
      look: () => act((mcp) => mcp.look(id)),
      signIn: () => void this.#signIn(id),
      forget: () =>
        act(async (mcp) => {
          await mcp.remove(id);
          if (on) session.tools = others();
        }),
      prompt: (name, given) => act(async (mcp) => this.#write(thread, await mcp.prompt(id, name, given))),
      attach: (uri) => act(async (mcp) => this.#write(thread, await mcp.read(id, uri))),
    });
  }

  #form(): TemplateResult {
    return html`<form class="server" @submit=${this.#add}>
      <label>
        ${fields.address}
        <input class="field" name="url" data-testid="mcp-url" required inputmode="url" autocapitalize="off"
          autocomplete="off" spellcheck="false" placeholder="https://example.org/mcp" />
      </label>
      <label>
        ${w.name}
        <input class="field" name="name" data-testid="mcp-name" autocomplete="off" maxlength="60"
          placeholder=${w.nameHint} />
      </label>
      <label>
        ${w.token}
        <input class="field" type="password" name="token" data-testid="mcp-token" autocomplete="off"
          aria-describedby="mcp-token-hint" placeholder=${fields.noKey} />
      </label>
      <p class="hint" id="mcp-token-hint">${fields.keyStays}</p>
      <div class="card-actions">
        <button type="submit" class="button primary" data-testid="mcp-save" ?disabled=${this.waiting}>
          ${this.waiting ? w.asking : common.add}
        </button>
      </div>
    </form>`;
  }

  #add(event: Event): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? "").trim();
    void this.#try(async (mcp) => {
      const token = text("token");
      await mcp.add({ url: text("url"), name: text("name"), ...(token ? { token } : {}) });
      form.reset();
      this.querySelector<HTMLDetailsElement>(".servers-add")?.removeAttribute("open");
    });
  }

  /** What a server said, for the person to read before it is sent. */
  #write(thread: Thread, text: string): void {
    const { drafts } = thread;
    drafts.draft = [drafts.draft, text].filter(Boolean).join("\n\n");
    thread.dispatchEvent(new Event("draft"));
    if (thread === this.thread) this.dispatchEvent(new Event("written"));
  }

  /** It may take the person minutes, and nothing else waits for it. */
  async #signIn(id: string): Promise<void> {
    this.failure = null;
    try {
      await this.#mcp?.signIn(id);
      await this.#read();
    } catch (thrown) {
      const failure = toFailure(thrown);
      // Begun once more, the first one ends so.
      if (failure.code !== "cancelled") this.failure = failure;
    }
  }

  async #try(work: (mcp: McpServers) => Promise<unknown>): Promise<void> {
    if (!this.#mcp) return;
    this.waiting = true;
    this.failure = null;
    try {
      await work(this.#mcp);
      await this.#read();
    } catch (thrown) {
      this.failure = toFailure(thrown);
    } finally {
      this.waiting = false;
    }
  }
}

customElements.define("chat-servers", ChatServers);
