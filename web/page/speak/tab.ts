/** The Speak tab: a text, a voice, and what becomes of the two: sound, or a file of it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Status, Voice } from "../../sdk/index.ts";
import { type Aloud, aloudOf } from "../aloud/aloud.ts";
import { choice, chooseRate, chooseVoice } from "../aloud/choice.ts";
import { record } from "../aloud/recording.ts";
import { voiceOf } from "../aloud/voice.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { percent, size } from "../kit/format.ts";
import { onFrame } from "../kit/frame.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { progressWords, statusProgress } from "../kit/progress.ts";
import { saveFiles } from "../kit/save.ts";
import { read, write } from "../kit/storage.ts";
import { told } from "../kit/told.ts";
import { common } from "../kit/words/common.ts";
import { list } from "../kit/words.ts";
import type { Workbench } from "../state/workbench.ts";
import { w } from "./words.ts";

const DRAFT = "alcove-speak";
/** What is read goes on while another tab is open. */
const OWNER = "speak-tab";
const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2];

class SpeakTab extends LightElement {
  static override properties = {
    workbench: { attribute: false },
    text: { state: true },
    voices: { state: true },
    recorded: { state: true },
    failure: { state: true },
    remark: { state: true },
  };
  declare workbench: Workbench;
  declare private text: string;
  /** Null until they are known. */
  declare private voices: readonly Voice[] | null;
  /** How much of the file is made, 0 to 1; null while none is. */
  declare private recorded: number | null;
  declare private failure: Failure | null;
  declare private remark: string;
  #aloud!: Aloud;
  #recording: AbortController | undefined;
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.text = read("session", DRAFT) ?? "";
    this.voices = null;
    this.recorded = null;
    this.failure = null;
    this.remark = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    this.#aloud = aloudOf(this.workbench.opened);
    this.#aloud.addEventListener("change", this.#redraw, { signal: this.#left.signal });
    void this.#readVoices();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    this.#recording?.abort();
  }

  focusField(): void {
    this.querySelector("textarea")?.focus();
  }

  /** Escape: silence. */
  stop(): void {
    this.#recording?.abort();
    if (this.#speaks) this.#aloud.stop();
  }

  protected override updated(): void {
    this.querySelector("mark")?.scrollIntoView({ block: "nearest" });
  }

  override render(): TemplateResult {
    return html`<div class="scroll">
      <div class="tab-column speak" data-testid="speak">
        <header class="tab-head">
          <h2>${w.question}</h2>
          <p class="note">${w.about}</p>
        </header>
        ${this.#speaks ? this.#script() : this.#field()} ${this.#settings()} ${this.#buttons()} ${this.#told()}
      </div>
    </div>`;
  }

  /** Whether it is this tab's text that is read now. */
  get #speaks(): boolean {
    return this.#aloud.owner === OWNER && this.#aloud.phase !== "silent";
  }

  get #busy(): boolean {
    return this.#speaks || this.recorded !== null;
  }

  #field(): TemplateResult {
    return html`<textarea
      data-testid="speak-text"
      aria-label=${w.text}
      placeholder=${w.hint}
      dir="auto"
      rows="10"
      .value=${this.text}
      ?readonly=${this.recorded !== null}
      @input=${this.#typed}
    ></textarea>`;
  }

  /** The text while it is read: the sentence that is heard stands out. */
  #script(): TemplateResult {
    const { heard } = this.#aloud;
    const [from, to] = heard ? [heard.from, heard.from + heard.text.length] : [0, 0];
    return html`<p class="speak-script" tabindex="0" role="region" dir="auto" aria-label=${w.script}>${this.text.slice(0, from)}<mark
        data-testid="speak-heard">${this.text.slice(from, to)}</mark>${this.text.slice(to)}</p>`;
  }

  #settings(): TemplateResult {
    const { rate } = choice();
    const chosen = this.#voice;
    return html`<div class="speak-settings">
      <label>${w.voice}
        <select class="field" data-testid="speak-voice" ?disabled=${this.#busy || !this.voices?.length} @change=${this.#choose}>
          ${this.voices?.map(
            ({ id, name, here, bytes }) =>
              html`<option value=${id} ?selected=${id === chosen?.id}>${name}${here ? "" : ` · ${size(bytes)}`}</option>`,
          )}
        </select>
      </label>
      <label>${w.speed}
        <select class="field" data-testid="speak-rate" ?disabled=${this.#busy} @change=${this.#setRate}>
          ${RATES.map((each) => html`<option value=${each} ?selected=${each === rate}>${each}×</option>`)}
        </select>
      </label>
    </div>
    ${chosen?.about ? html`<p class="hint" dir="auto">${told(chosen.about)}</p>` : nothing}`;
  }

  #buttons(): TemplateResult {
    const chosen = this.#voice;
    const none = this.text.trim() === "" || !chosen;
    if (this.#busy) {
      return html`<div class="card-actions">
        <button type="button" class="button primary" data-testid="speak-stop" @click=${() => this.stop()}>${icons.stop} ${common.stop}</button>
      </div>`;
    }
    const first = chosen && !chosen.here;
    return html`<div class="card-actions">
      <button type="button" class="button primary" data-testid="speak-start" ?disabled=${none} @click=${this.#start}>
        ${icons.sound} ${first ? w.fetchAndSpeak({ size: size(chosen.bytes) }) : w.speak}
      </button>
      ${
        chosen?.kind === "system"
          ? nothing
          : html`<button type="button" class="button" data-testid="speak-save" ?disabled=${none} @click=${this.#save}>${w.save}</button>`
      }
    </div>`;
  }

  #told(): TemplateResult {
    const { status, skipped, phase, failure } = this.#aloud;
    const own = this.#aloud.owner === OWNER;
    const wrong = this.failure ?? (own ? failure : null);
    return html`${wrong ? failureLine(wrong, "speak-failed") : nothing}
      <p class="hint" data-testid="speak-status">${this.#words(own && phase === "coming", status)}</p>
      ${own && skipped.length > 0 ? html`<p class="hint" data-testid="speak-skipped">${w.leftOut({ names: list(skipped) })}</p>` : nothing}
      ${this.voices && !this.voices.length ? html`<p class="hint">${w.noVoice}</p>` : nothing}`;
  }

  #words(coming: boolean, doing: Status | null): TemplateResult {
    if ((coming || this.recorded === 0) && doing) return statusProgress(doing);
    if (this.recorded !== null) return progressWords(w.making, percent(this.recorded));
    return progressWords(coming ? common.preparing : this.remark, "");
  }

  get #voice(): Voice | undefined {
    return this.voices ? voiceOf(this.voices) : undefined;
  }

  async #readVoices(): Promise<void> {
    try {
      this.voices = await (await this.workbench.opened).voices();
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  readonly #typed = ({ target }: Event): void => {
    this.text = (target as HTMLTextAreaElement).value;
    write("session", DRAFT, this.text);
  };

  readonly #choose = ({ target }: Event): void => {
    chooseVoice((target as HTMLSelectElement).value);
    this.requestUpdate();
  };

  readonly #setRate = ({ target }: Event): void => {
    chooseRate(Number((target as HTMLSelectElement).value));
  };

  readonly #start = async (): Promise<void> => {
    this.failure = null;
    this.remark = "";
    await this.#aloud.start(OWNER, this.text);
    await this.#readVoices();
  };

  readonly #save = async (): Promise<void> => {
    const stop = new AbortController();
    this.#recording = stop;
    this.failure = null;
    this.remark = "";
    this.recorded = 0;
    try {
      const tell = (fraction: number) => {
        this.recorded = fraction;
      };
      const file = await record(await this.workbench.opened, this.text, tell, stop.signal);
      if (file) saveFiles([file]);
      this.remark = file ? "" : w.nothing;
    } catch (thrown) {
      const failure = toFailure(thrown);
      if (failure.code !== "cancelled") this.failure = failure;
    } finally {
      this.recorded = null;
    }
    await this.#readVoices();
  };
}

customElements.define("speak-tab", SpeakTab);
