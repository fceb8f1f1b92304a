/** The sheet in which a person changes an agent of theirs: who it is, what it may use, or its file as it is. */
import { html, nothing, type TemplateResult } from "lit";
import type { AgentEntry, BundleChanges, ModelEntry, ToolName } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { Sheet } from "../kit/sheet.ts";
import { MAY, TOOLS, type ToolWords } from "../kit/words/tools.ts";
import { list } from "../kit/words.ts";
import type { AgentStore } from "./agent-store.ts";
import { modelOf, w } from "./words.ts";

/** Stands among the models for the person's own choice. */
const ANY = "";

class AgentEditor extends Sheet {
  static override properties = {
    store: { attribute: false },
    agent: { attribute: false },
    models: { attribute: false },
    asText: { state: true },
    saving: { state: true },
  };
  declare store: AgentStore;
  declare agent: AgentEntry;
  /** Those that it may be given. */
  declare models: readonly ModelEntry[];
  /** Its file is shown. */
  declare private asText: boolean;
  declare private saving: boolean;
  protected readonly name = "agent-editor";
  protected readonly testId = "agent-editor";

  constructor() {
    super();
    this.asText = false;
    this.saving = false;
  }

  protected get heading(): string {
    return this.agent.name;
  }

  protected override content(): TemplateResult {
    const failure = this.store.failures.get(this.agent.id);
    return html`<form class="agent-form" @submit=${this.#save}>
      <div class="agent-fields">${this.asText ? this.#file() : this.#fields()}</div>
      ${failure ? failureLine(failure, "agent-editor-failure") : nothing}
      <div class="card-actions">
        <button type="submit" class="button primary" data-testid="agent-save" ?disabled=${this.saving}>
          ${this.saving ? w.saving : w.save}
        </button>
        ${
          this.agent.text === undefined
            ? nothing
            : html`<button type="button" class="button" data-testid="agent-as-text" @click=${this.#turn}>
                ${this.asText ? w.toForm : w.toFile}
              </button>`
        }
      </div>
    </form>`;
  }

  #fields(): TemplateResult {
    const { name, description, instruction, tools } = this.agent;
    const has = new Map(tools.map((tool) => [tool.name, tool]));
    const ours = new Set<string>(TOOLS.map((tool) => tool.name));
    const others = tools.filter((tool) => !ours.has(tool.name));
    return html`<label>${w.name}<input dir="auto" class="field" name="name" required maxlength="80" .value=${name} /></label>
      <label>${w.purpose}<input dir="auto" class="field" name="description" maxlength="300" .value=${description} /></label>
      <label>${w.instructions}<textarea dir="auto" class="field" name="instruction" rows="6" .value=${instruction}></textarea></label>
      <label>${w.model} ${this.#model()}</label>
      <fieldset>
        <legend>${w.tools}</legend>
        ${TOOLS.map((tool) => toolRow(tool, has.get(tool.name)))}
      </fieldset>
      ${
        others.length
          ? html`<p class="note">${w.others({ names: list(others.map((tool) => tool.name)) })}</p>`
          : nothing
      }`;
  }

  #model(): TemplateResult {
    const now = modelOf(this.agent);
    const value = now ? `${now.provider}/${now.model}` : ANY;
    const known = this.models.map(({ id, name, provider }) => ({ value: `${provider}/${id}`, name }));
    const listed = known.some((model) => model.value === value) || value === ANY;
    return html`<select class="field" name="model" data-testid="agent-model">
      <option value=${ANY} ?selected=${value === ANY}>${w.anyModel}</option>
      ${listed ? nothing : html`<option value=${value} selected>${now?.model || now?.provider}</option>`}
      ${known.map((model) => html`<option value=${model.value} ?selected=${model.value === value}>${model.name}</option>`)}
    </select>`;
  }

  #file(): TemplateResult {
    return html`<label>${this.agent.entry}
      <textarea class="field agent-file" name="text" rows="18" spellcheck="false" data-testid="agent-text"
        .value=${this.agent.text ?? ""}></textarea>
    </label>`;
  }

  readonly #turn = (): void => {
    this.asText = !this.asText;
  };

  readonly #save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    this.saving = true;
    const saved = await this.store.change(this.agent.id, this.#changes(given));
    this.saving = false;
    if (saved) this.close();
  };

  /** What is not as it was: whatever else its file says stays as it is. */
  #changes(given: FormData): BundleChanges {
    const text = (name: string) => String(given.get(name) ?? "").replaceAll("\r\n", "\n");
    if (this.asText) return { text: text("text") };
    const changes: BundleChanges = {};
    for (const name of ["name", "description", "instruction"] as const) {
      if (text(name).trim() !== this.agent[name].trim()) changes[name] = text(name);
    }
    const tools = given.getAll("tools") as ToolName[];
    const before = TOOLS.filter(({ name }) =>
      this.agent.tools.some((tool) => tool.name === name && tool.own !== false),
    );
    if (tools.join() !== before.map(({ name }) => name).join()) changes.tools = tools;
    const model = text("model");
    const now = modelOf(this.agent);
    if (model !== (now ? `${now.provider}/${now.model}` : ANY)) {
      const [provider = "", ...id] = model.split("/");
      changes.model = model === ANY ? null : { provider, model: id.join("/") };
    }
    return changes;
  }
}

const mayWords = (may: ToolWords["may"]): string => list(may.map((each) => MAY[each]));

const toolRow = (
  { name, title, may, asks }: ToolWords,
  has: AgentEntry["tools"][number] | undefined,
): TemplateResult => html`<label class="agent-tool">
  <input type="checkbox" name="tools" value=${name} data-testid="agent-tool-${name}"
    .checked=${has !== undefined} ?disabled=${has?.own === false} />
  <span>${has?.own === false ? w.included({ tool: title }) : title}<small>${asks ? w.asksFirst({ may: mayWords(may) }) : mayWords(may)}</small></span>
</label>`;

customElements.define("agent-editor", AgentEditor);
