/** What happened in the conversation: every event of Amplifier, with its time and what it cost. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { ActivityEntry } from "../../sdk/index.ts";
import { copyFrom } from "../kit/clipboard.ts";
import { toFailure } from "../kit/failure.ts";
import { saveFiles } from "../kit/save.ts";
import { Sheet } from "../kit/sheet.ts";
import { common } from "../kit/words/common.ts";
import type { Thread } from "../state/thread.ts";
import {
  about,
  agentNames,
  clock,
  depths,
  jsonLines,
  matching,
  totals,
  type Whose,
} from "./activity-words.ts";
import { w } from "./words/sheets.ts";

/** While an answer is written. */
const AGAIN_MS = 1_000;

class ChatActivity extends Sheet {
  static override properties = {
    thread: { attribute: false },
    entries: { state: true },
    failure: { state: true },
    words: { state: true },
    whose: { state: true },
    said: { state: true },
  };
  declare thread: Thread;
  /** Null until they are known. */
  declare private entries: readonly ActivityEntry[] | null;
  declare private failure: string;
  declare private words: string;
  declare private whose: Whose;
  declare private said: string;
  #again: ReturnType<typeof setTimeout> | undefined;
  protected readonly name = "activity";
  protected readonly testId = "activity-sheet";

  constructor() {
    super();
    this.entries = null;
    this.failure = this.words = this.said = "";
    this.whose = { all: true };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#again);
    this.thread.removeEventListener("change", this.#onChange);
  }

  async #read(): Promise<void> {
    try {
      const chat = await this.thread.session.connect();
      this.entries = await chat.activity();
      this.failure = "";
    } catch (thrown) {
      this.failure = toFailure(thrown).message;
    }
    if (this.isConnected) this.thread.addEventListener("change", this.#onChange, { once: true });
  }

  readonly #onChange = (): void => {
    this.#again = setTimeout(() => void this.#read(), AGAIN_MS);
  };

  protected get heading(): string {
    return w.activity;
  }

  protected content(): TemplateResult {
    const entries = this.entries ?? [];
    const shown = matching(entries, this.words, this.whose);
    const deep = depths(entries);
    return html`<div class="activity-tools">
        <input
          type="search"
          class="field"
          data-testid="activity-filter"
          aria-label=${w.filter}
          placeholder=${w.filterHint}
          .value=${this.words}
          @input=${(event: InputEvent) => {
            this.words = (event.target as HTMLInputElement).value;
          }}
        />
        ${this.#agents(agentNames(entries))}
        <button
          type="button"
          class="button"
          data-testid="activity-copy"
          ?disabled=${!shown.length}
          @click=${(event: Event) => void this.#copy(event, shown)}
        >
          ${common.copy}
        </button>
        <button
          type="button"
          class="button"
          data-testid="activity-export"
          ?disabled=${!shown.length}
          @click=${() => this.#export(shown)}
        >
          ${w.export}
        </button>
      </div>
      <p class="activity-totals" data-testid="activity-totals" role="status">
        ${this.failure || (this.entries ? totals(shown) : w.asking)} ${this.said}
      </p>
      <ol class="activity-list" data-testid="activity-list" tabindex="0" aria-label=${w.events}>
        ${repeat(
          shown,
          (entry) => `${entry.time} ${entry.event}`,
          (entry) => row(entry, deep.get(entry) ?? 0),
        )}
      </ol>`;
  }

  /** Whose events are shown, where anybody works for the conversation. */
  #agents(names: readonly string[]): TemplateResult | typeof nothing {
    if (!names.length) return nothing;
    const choices: [string, Whose][] = [
      [w.everybody, { all: true }],
      [w.conversation, { agent: null }],
      ...names.map((name): [string, Whose] => [name, { agent: name }]),
    ];
    return html`<select
      class="field"
      data-testid="activity-agent"
      aria-label=${w.whose}
      @change=${(event: Event) => {
        const chosen = choices[(event.target as HTMLSelectElement).selectedIndex];
        if (chosen) this.whose = chosen[1];
      }}
    >
      ${choices.map(([label]) => html`<option>${label}</option>`)}
    </select>`;
  }

  async #copy(event: Event, shown: readonly ActivityEntry[]): Promise<void> {
    this.said = await copyFrom(event, jsonLines(shown));
  }

  #export(shown: readonly ActivityEntry[]): void {
    const name = `activity-${this.thread.id ?? "new"}.jsonl`;
    saveFiles([new File([jsonLines(shown)], name, { type: "application/jsonl" })]);
  }
}

/** What an event said is written out when it is opened: there are thousands. */
const onToggle = (event: Event, { data }: ActivityEntry): void => {
  const details = event.currentTarget as HTMLDetailsElement;
  const pre = details.querySelector("pre");
  if (details.open && pre && !pre.textContent) pre.textContent = JSON.stringify(data, null, 2);
};

const row = (entry: ActivityEntry, depth: number): TemplateResult =>
  html`<li data-testid="activity-entry" data-event=${entry.event} data-depth=${depth}>
    <details @toggle=${(event: Event) => onToggle(event, entry)}>
      <summary>
        <time datetime=${entry.time}>${clock(entry.time)}</time>
        <span class="activity-event">${entry.event}</span>
        ${entry.agent ? html`<bdi class="activity-agent">${entry.agent.name}</bdi>` : nothing}
        <span class="activity-about">${about(entry) || nothing}</span>
      </summary>
      <pre tabindex="0" role="region" aria-label=${w.said} dir="ltr"></pre>
    </details>
  </li>`;

customElements.define("chat-activity", ChatActivity);
