/** The Agents tab: who there is to talk with, what each may do and costs, and how one is made, changed or brought. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { AgentEntry, BundleSource, ModelEntry } from "../../sdk/index.ts";
import { errorCard } from "../kit/error-card.ts";
import { acceptFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { LightElement } from "../kit/light-element.ts";
import { helpsOnly } from "../kit/models/filter.ts";
import { onePer } from "../kit/one-per.ts";
import type { Workbench } from "../state/workbench.ts";
import { adding } from "./adding.ts";
import { ADDED, AgentStore, PYTHON } from "./agent-store.ts";
import { type CardActions, card } from "./card.ts";
import "./editor.ts";
import { addingPython } from "./python.ts";
import { w } from "./words.ts";

/** The one store of the page. */
const storeOf = onePer((workbench: Workbench) => new AgentStore(workbench.opened));

class AgentsTab extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    asked: { state: true },
    editing: { state: true },
    dropping: { state: true },
  };
  declare workbench: Workbench;
  /** The agent of which the person is asked whether it is to go. */
  declare private asked: string | null;
  /** The agent that is being changed. */
  declare private editing: string | null;
  /** Files are held over the tab. */
  declare private dropping: boolean;
  #store!: AgentStore;
  #models: readonly ModelEntry[] = [];
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.asked = null;
    this.editing = null;
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#store = storeOf(this.workbench);
    this.#store.addEventListener("change", this.#redraw, { signal });
    this.workbench.addEventListener("change", this.#redraw, { signal });
    acceptFiles(this, { onOver: this.#over, onDrop: this.#drop }, signal);
    void this.#store.watch(signal);
    void this.#readModels();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("asked") && this.asked) this.querySelector<HTMLElement>(".agent-keep")?.focus();
  }

  override render() {
    return html`<div class="scroll" data-dropping=${this.dropping}>
        <div class="tab-column" data-testid="agents">${this.#content()}</div>
      </div>
      ${this.dropping ? html`<p class="drop-here" aria-hidden="true">${w.drop}</p>` : nothing}
      ${this.#editor()}`;
  }

  #content(): TemplateResult {
    const store = this.#store;
    const { agents, failure } = store;
    if (failure && !agents) return errorCard(failure, () => void store.refresh(), null, "retry");
    if (!agents) return html`<p class="note" role="status">${w.looking}</p>`;
    return html`<header class="tab-head">
        <h2>${w.here}</h2>
        <p class="note">${w.about}</p>
      </header>
      <ul class="agents" data-testid="agent-list">
        ${repeat(
          agents,
          ({ id }) => id,
          (agent) => card(this.#card(agent), this.#actions),
        )}
      </ul>
      ${adding({
        busy: store.busy.has(ADDED),
        failure: store.failures.get(ADDED),
        add: (source) => this.#add(source),
        stop: () => store.stop(),
      })}
      ${addingPython({
        wheels: store.wheels,
        brought: store.brought,
        busy: store.busy.has(PYTHON),
        failure: store.failures.get(PYTHON),
        install: (files) => void store.install(files),
        uninstall: (name) => void store.uninstall(name),
      })}`;
  }

  #card(agent: AgentEntry): Parameters<typeof card>[0] {
    const store = this.#store;
    const answering = this.workbench.thread.choice?.model;
    return {
      agent,
      window: this.#models.find(({ id }) => id === answering)?.context,
      busy: store.busy.has(agent.id),
      failure: this.editing === agent.id ? undefined : store.failures.get(agent.id),
      asked: this.asked === agent.id,
      added: store.added?.id === agent.id,
    };
  }

  #editor(): TemplateResult | typeof nothing {
    const agent = this.#store?.agents?.find(({ id }) => id === this.editing);
    if (!agent) return nothing;
    return html`<agent-editor
      .store=${this.#store}
      .agent=${agent}
      .models=${this.#models.filter((entry) => entry.fits && !helpsOnly(entry))}
      @closed=${() => void this.#edited(agent)}
    ></agent-editor>`;
  }

  readonly #actions: CardActions = {
    chat: ({ id, name }) => this.workbench.startWith({ id, name }),
    edit: ({ id }) => {
      this.#store.dismiss(id);
      this.editing = id;
    },
    duplicate: ({ id }) => void this.#store.duplicate(id).then(() => this.#showAdded()),
    save: ({ id }) => void this.#store.save(id),
    remove: ({ id }, confirmed) => {
      this.asked = confirmed ? null : id;
      if (confirmed) void this.#store.remove(id);
    },
    keep: () => {
      this.asked = null;
    },
  };

  readonly #over = (over: boolean): void => {
    this.dropping = over;
  };

  readonly #drop = (files: File[]): void => {
    const wheels = files.filter(({ name }) => name.endsWith(".whl"));
    if (wheels.length) void this.#store.install(wheels);
    const [first, ...more] = files.filter((file) => !wheels.includes(file));
    if (first) void this.#add(more.length ? [first, ...more] : first);
  };

  async #add(source: BundleSource): Promise<boolean> {
    const added = await this.#store.add(source);
    await this.#showAdded();
    return added;
  }

  /** What came stands in the list: the person is taken to it. */
  async #showAdded(): Promise<void> {
    const { added } = this.#store;
    if (!added || !this.isConnected) return;
    await this.#store.refresh();
    await new Promise(requestAnimationFrame);
    await this.updateComplete;
    const heading = this.querySelector<HTMLElement>(`[data-agent="${added.id}"] h3`);
    heading?.scrollIntoView({ block: "nearest" });
    heading?.focus({ preventScroll: true });
  }

  async #edited({ id }: AgentEntry): Promise<void> {
    this.editing = null;
    this.#store.dismiss(id);
    await this.updateComplete;
    this.querySelector<HTMLElement>(`[data-agent="${id}"] [data-testid="agent-edit"]`)?.focus();
  }

  async #readModels(): Promise<void> {
    try {
      this.#models = await (await this.workbench.opened).models.list();
      this.requestUpdate();
    } catch {
      // Then an agent can be given none; the Models dialog says why.
    }
  }
}

customElements.define("agents-tab", AgentsTab);
