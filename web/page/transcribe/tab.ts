/** The Transcribe tab: a recording, or what is said now, as text with its times. */
import { html, nothing, type TemplateResult } from "lit";
import { writeTranscript } from "../../sdk/embed.ts";
import type { Transcript } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { copyFrom } from "../kit/clipboard.ts";
import { errorCard } from "../kit/error-card.ts";
import { acceptFiles } from "../kit/file-drop.ts";
import { onFrame } from "../kit/frame.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { onePer } from "../kit/one-per.ts";
import { opening } from "../kit/opening.ts";
import { progressWords, statusProgress } from "../kit/progress.ts";
import { saveFiles } from "../kit/save.ts";
import { microphone } from "../kit/sound-icons.ts";
import { common } from "../kit/words/common.ts";
import type { TabElement } from "../state/tab.ts";
import type { Workbench } from "../state/workbench.ts";
import { Transcribing } from "./transcribing.ts";
import { w } from "./words.ts";

const TYPES = {
  txt: "text/plain",
  srt: "application/x-subrip",
  vtt: "text/vtt",
  json: "application/json",
} as const;
type Format = keyof typeof TYPES;

/** The one of the page: it goes on while another tab is open. */
const transcribingOf = onePer((workbench: Workbench) => new Transcribing(workbench.opened));

class TranscribeTab extends LightElement implements TabElement {
  static override properties = {
    workbench: { attribute: false },
    dropping: { state: true },
    announcement: { state: true },
  };
  declare workbench: Workbench;
  /** A file is held over the tab. */
  declare private dropping: boolean;
  declare private announcement: string;
  #work!: Transcribing;
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());

  constructor() {
    super();
    this.dropping = false;
    this.announcement = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#work = transcribingOf(this.workbench);
    for (const name of ["change", "level"]) this.#work.addEventListener(name, this.#redraw, { signal });
    this.workbench.addEventListener("change", this.#redraw, { signal });
    acceptFiles(
      this,
      {
        onOver: (over) => {
          this.dropping = over;
        },
        onDrop: ([file]) => file && void this.#work.take(file),
      },
      signal,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    // A microphone that nobody sees is nobody's wish; a file is written on.
    if (this.#work.records) this.#work.finish();
  }

  focusField(): void {
    this.querySelector<HTMLElement>("[data-testid=transcribe-file]")?.focus();
  }

  /** Escape. */
  stop(): void {
    if (this.#work.records) this.#work.finish();
    else this.#work.stop();
  }

  override render() {
    const { failure, busy, transcript } = this.#work;
    return html`<div class="scroll" data-dropping=${this.dropping}>
        <div class="tab-column" data-testid="transcribe">
          ${this.#choosing()}
          ${
            failure
              ? errorCard(
                  failure,
                  () => this.#work.dismiss(),
                  () => this.#work.dismiss(),
                  "retry",
                )
              : nothing
          }
          ${busy ? this.#progress() : transcript ? this.#result(transcript) : nothing}
        </div>
      </div>
      <p class="visually-hidden" role="status">${this.announcement}</p>
      ${this.dropping ? html`<p class="drop-here" aria-hidden="true">${w.drop}</p>` : nothing}`;
  }

  #choosing(): TemplateResult {
    const { busy, records, transcript, failure } = this.#work;
    const buttons = html`<div class="card-actions">
      <button
        type="button"
        class="button primary"
        data-testid="transcribe-file"
        ?disabled=${busy}
        @click=${() => this.querySelector<HTMLInputElement>("input[type=file]")?.click()}
      >
        ${w.choose}
      </button>
      <input
        type="file"
        accept="audio/*,video/*"
        hidden
        aria-label=${w.recording}
        data-testid="transcribe-input"
        @change=${this.#onFile}
      />
      <button
        type="button"
        class="button"
        data-testid="transcribe-record"
        ?disabled=${busy && !records}
        @click=${() => (records ? this.#work.finish() : void this.#work.record())}
      >
        ${records ? icons.stop : microphone} ${records ? w.finish : w.record}
      </button>
    </div>`;
    if (busy || transcript || failure) return buttons;
    return opening("transcribe-opening", w.question, w.about, buttons);
  }

  #progress(): TemplateResult {
    const { name, text, seconds, total, records, level } = this.#work;
    const done = total ? seconds / total : undefined;
    return html`<section class="transcribe-work" data-testid="transcribe-progress" aria-label=${name}>
      <div class="transcribe-head">
        <h2>${name}</h2>
        <button type="button" class="button" data-testid="transcribe-stop" @click=${() => this.#work.stop()}>
          ${common.stop}
        </button>
      </div>
      ${
        records
          ? html`<meter class="transcribe-level" min="0" max="0.4" .value=${level} aria-label=${w.loudness}></meter>`
          : html`<progress max="1" .value=${done ?? 0} aria-label=${w.done}></progress>`
      }
      <p class="note">${this.#doing()}</p>
      <p class="transcribe-text" dir="auto">${text}</p>
    </section>`;
  }

  #doing(): TemplateResult | typeof nothing {
    const { seconds, total, records } = this.#work;
    if (records) return progressWords(w.recording, timeOf(seconds));
    if (total) return progressWords(w.writing, w.of({ time: timeOf(seconds), total: timeOf(total) }));
    return seconds === 0 ? statusProgress(this.workbench.status) : nothing;
  }

  #result(transcript: Transcript): TemplateResult {
    const { segments, text, seconds } = transcript;
    if (!text) {
      return html`<p class="note" role="status" data-testid="transcribe-empty">
        ${w.none({ name: this.#work.name })}
      </p>`;
    }
    return html`<section class="transcribe-work" data-testid="transcript">
      <div class="transcribe-head">
        <h2>${this.#work.name}</h2>
        <span class="note">${timeOf(seconds)}</span>
      </div>
      <div class="card-actions">
        <button type="button" class="button" data-testid="transcript-copy" @click=${(event: Event) => void this.#copy(event, text)}>
          ${icons.copy} ${common.copy}
        </button>
        ${(Object.keys(TYPES) as Format[]).map(
          (format) => html`<button
            type="button"
            class="button"
            data-testid="transcript-${format}"
            aria-label=${w.saveAs({ format: nameOf(format) })}
            title=${w.saveAs({ format: nameOf(format) })}
            @click=${() => this.#save(transcript, format)}
          >
            ${nameOf(format)}
          </button>`,
        )}
      </div>
      <ol class="transcribe-segments">
        ${segments.map(
          ({ text: said, start }) => html`<li>
            <time datetime="PT${start.toFixed(1)}S">${timeOf(start)}</time>
            <span dir="auto">${said}</span>
          </li>`,
        )}
      </ol>
    </section>`;
  }

  async #copy(event: Event, text: string): Promise<void> {
    this.announcement = await copyFrom(event, text);
  }

  #save(transcript: Transcript, format: Format): void {
    const stem = this.#work.name.replace(/\.[^.]{1,5}$/, "").replaceAll(/[/\\:]/g, "-") || "transcript";
    saveFiles([
      new File([writeTranscript(transcript, format)], `${stem}.${format}`, { type: TYPES[format] }),
    ]);
  }

  readonly #onFile = (event: Event): void => {
    const [file] = takeChosen(event);
    if (file) void this.#work.take(file);
  };
}

const nameOf = (format: Format): string => (format === "txt" ? w.plain : format.toUpperCase());

/** 75.2 → 1:15 */
function timeOf(seconds: number): string {
  const whole = Math.floor(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

customElements.define("transcribe-tab", TranscribeTab);
