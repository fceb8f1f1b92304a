/**
 * Where the person writes. Typing works before anything else does; what is typed and attached is kept as the
 * draft.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { MOST_PICTURES } from "../../sdk/index.ts";
import { bring } from "../kit/bring.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { microphone } from "../kit/sound-icons.ts";
import { common } from "../kit/words/common.ts";
import { list } from "../kit/words.ts";
import { choices, sends } from "../state/choices.ts";
import { isEmpty, type Message } from "../state/drafts.ts";
import { MOD } from "../state/mod-key.ts";
import type { Thread } from "../state/thread.ts";
import { attach, fileWords, isPicture, MOST_BYTES, pasted, withFiles } from "./attachments.ts";
import { Dictating } from "./dictating.ts";
import { LONG_TEXT, longText, longTextWords } from "./long-text.ts";
import { w } from "./words/chat.ts";

/** Who writes more after a "/" looks for no prompt. */
const MOST_PROMPT = 60;

const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

/** Emits `send` with a {@link Message} as detail, and `stop`. */
export class ChatComposer extends LightElement {
  static override properties = {
    thread: { attribute: false },
    busy: { type: Boolean },
    filled: { state: true },
    pictures: { state: true },
    files: { state: true },
    long: { state: true },
    slash: { state: true },
    reading: { state: true },
    problem: { state: true },
  };
  declare thread: Thread;
  declare busy: boolean;
  declare private filled: boolean;
  declare private pictures: readonly string[];
  /** Those that are no pictures. */
  declare private files: readonly File[];
  /** What was pasted and is too long for the field; it follows what stands there. */
  declare private long: string;
  /** What stands after the "/" that the message begins with, while a prompt may be meant; null otherwise. */
  declare private slash: string | null;
  /** How many pictures are being read. */
  declare private reading: number;
  /** Why a picture could not be attached. */
  declare private problem: string;
  readonly #dictating = new Dictating(
    () => import("./dictation.ts"),
    () => this.requestUpdate(),
  );
  #bound: Thread | null = null;

  constructor() {
    super();
    this.busy = false;
    this.filled = false;
    this.pictures = [];
    this.files = [];
    this.long = "";
    this.slash = null;
    this.reading = 0;
    this.problem = "";
  }

  get #field(): HTMLTextAreaElement {
    return this.querySelector("textarea") as HTMLTextAreaElement;
  }

  get #text(): string {
    return [this.#field.value, this.long].filter(Boolean).join("\n\n");
  }

  override focus(): void {
    this.#field.focus();
  }

  /** Attaches files to the message; of pictures as many as it takes. */
  async attach(files: readonly File[]): Promise<void> {
    const { thread } = this;
    this.problem = "";
    for (const file of files) {
      if (!isPicture(file)) {
        this.#attachFile(file);
        continue;
      }
      if (thread.drafts.pictures.length >= MOST_PICTURES) {
        this.problem = w.mostPictures({ most: MOST_PICTURES });
        break;
      }
      this.reading += 1;
      const attached = await attach(file);
      this.reading -= 1;
      if ("problem" in attached) this.problem = attached.problem;
      // Two drops at once fill the same places.
      else if (thread.drafts.pictures.length < MOST_PICTURES)
        thread.drafts.pictures = [...thread.drafts.pictures, attached.url];
      if (thread === this.thread) this.#measure();
    }
  }

  /** One of the same name takes the place of the other, as it does for the code that opens it. */
  #attachFile(file: File): void {
    const { drafts } = this.thread;
    if (file.size > MOST_BYTES) this.problem = w.tooLarge({ file: fileWords(file) });
    else drafts.files = [...drafts.files.filter(({ name }) => name !== file.name), file];
    this.#measure();
  }

  /** A microphone that nobody sees is nobody's wish. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dictating.stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("thread") || this.#bound === this.thread) return;
    this.#bound?.removeEventListener("draft", this.#showDraft);
    this.#bound = this.thread;
    this.thread.addEventListener("draft", this.#showDraft);
    this.#dictating.stop();
    this.problem = "";
    this.#showDraft();
  }

  #thumbnails() {
    bring("picture-thumbnails", () => import("./pictures.ts"));
    const remove = (index: number) => this.#remove(index);
    return html`<picture-thumbnails
      .urls=${this.pictures}
      .reading=${this.reading}
      .remover=${remove}
    ></picture-thumbnails>`;
  }

  #promptMenu(typed: string) {
    bring("prompt-menu", () => import("./prompt-menu.ts"));
    return html`<prompt-menu
      .alcove=${this.thread.session.alcove}
      .field=${this.#field}
      .typed=${typed}
      @chosen=${({ detail }: CustomEvent<string>) => this.#fill(detail, this.long)}
      @left=${() => {
        this.slash = null;
      }}
    ></prompt-menu>`;
  }

  #attachedFiles() {
    bring("attached-files", () => import("./attached-files.ts"));
    const remove = (file: File) => {
      const { drafts } = this.thread;
      drafts.files = drafts.files.filter((other) => other !== file);
      this.#measure();
      this.focus();
    };
    return html`<attached-files .files=${this.files} .remover=${remove}></attached-files>`;
  }

  override render() {
    return html`<form class="composer" @submit=${this.#submit}>
        ${this.slash === null ? nothing : this.#promptMenu(this.slash)}
        ${this.pictures.length || this.reading ? this.#thumbnails() : nothing}
        ${this.files.length ? this.#attachedFiles() : nothing}
        ${longText(this.long, {
          edit: () => this.#fill(this.#text, ""),
          remove: () => this.#fill(this.#field.value, ""),
        })}
        <div class="composer-row">
          <button
            type="button"
            class="icon-button"
            data-testid="attach"
            aria-label=${w.attach}
            title=${w.attachHint}
            @click=${() => this.querySelector<HTMLInputElement>("input[type=file]")?.click()}
          >
            ${icons.attach}
          </button>
          <input
            type="file"
            multiple
            hidden
            aria-label=${w.files}
            data-testid="picture-files"
            @change=${this.#onFiles}
          />
          <label class="visually-hidden" for="composer-field">${w.message}</label>
          <textarea
            id="composer-field"
            data-testid="composer"
            rows="1"
            placeholder=${w.write}
            dir="auto"
            enterkeyhint="send"
            autocomplete="off"
            @input=${this.#onInput}
            @keydown=${this.#onKey}
            @paste=${this.#onPaste}
          ></textarea>
          ${this.#documents()} ${this.#lookSwitch()} ${this.#dictate()} ${this.#action()}
        </div>
      </form>
      ${
        this.problem
          ? html`<p class="composer-problem" role="alert" data-testid="picture-problem">${this.problem}</p>`
          : nothing
      }
      <p class="visually-hidden" role="status">${this.#attachedWords()}</p>`;
  }

  #documents(): TemplateResult {
    bring("documents-button", () => import("../reader/documents-button.ts"));
    return html`<documents-button .thread=${this.thread}></documents-button>`;
  }

  #lookSwitch(): TemplateResult {
    const on = this.thread?.look ?? false;
    return html`<button
      type="button"
      class="look-switch"
      role="switch"
      aria-checked=${on}
      data-testid="look-switch"
      title=${on ? w.lookOn : w.lookOff}
      ?disabled=${this.busy}
      @click=${() => {
        this.thread.look = !on;
        this.requestUpdate();
      }}
    >
      ${icons.eye}<span>${w.look}</span>
    </button>`;
  }

  #dictate(): TemplateResult {
    const { on } = this.#dictating;
    const words = on ? w.stopDictating : w.dictate;
    return html`<button
      type="button"
      class="icon-button"
      data-testid="dictate"
      aria-label=${words}
      title=${words}
      aria-pressed=${on}
      @click=${this.#onDictate}
    >
      ${on ? icons.stop : microphone}
    </button>`;
  }

  #onDictate(): void {
    this.problem = "";
    const before = this.#field.value;
    const { long } = this;
    void this.#dictating.press(this.thread.session.alcove, {
      onText: (text) => this.#fill([before, text].filter(Boolean).join(" "), long),
      onEnd: (problem) => {
        this.problem = problem;
      },
    });
  }

  #action(): TemplateResult {
    return this.busy
      ? html`<button
          type="button"
          class="round-button"
          data-testid="stop"
          aria-label=${common.stop}
          title=${w.stopKey}
          @click=${() => this.dispatchEvent(new Event("stop"))}
        >
          ${icons.stop}
        </button>`
      : html`<button
          type="submit"
          class="round-button"
          data-testid="send"
          aria-label=${w.send}
          title=${choices.get("send") === "enter" ? w.sendKey : `${w.send} (${MOD}+Enter)`}
          ?disabled=${!this.filled || this.reading > 0}
        >
          ${icons.send}
        </button>`;
  }

  #attachedWords(): string {
    const count = this.pictures.length;
    if (this.reading) return w.readingPicture;
    const pictures = count ? [w.pictures({ count })] : [];
    const all = [...(this.long ? [longTextWords(this.long)] : []), ...this.files.map(fileWords), ...pictures];
    return all.length ? w.attached({ things: list(all) }) : "";
  }

  readonly #showDraft = (): void => {
    // While the conversation is read from disk the person may already be typing.
    const { draft } = this.thread.drafts;
    const isLong = draft.length > LONG_TEXT;
    this.#field.value = isLong ? "" : draft;
    this.long = isLong ? draft : "";
    this.slash = null;
    this.#measure();
  };

  #onInput(): void {
    this.thread.drafts.draft = this.#text;
    const before = this.slash;
    this.slash = promptTyped(this.#field.value);
    // Once it was put away it stays so, until another is begun.
    if (before === null && this.slash) this.slash = null;
    this.#measure();
  }

  #fill(text: string, long: string): void {
    this.#field.value = text;
    this.long = long;
    this.#onInput();
    this.focus();
  }

  #onFiles(event: Event): void {
    void this.attach(takeChosen(event));
    this.focus();
  }

  #onPaste(event: ClipboardEvent): void {
    const files = pasted(event.clipboardData);
    const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n") ?? "";
    const isLong = text.length > LONG_TEXT;
    if (!files.length && !isLong) return;
    event.preventDefault();
    if (isLong) this.#fill(this.#field.value, [this.long, text].filter(Boolean).join("\n\n"));
    else void this.attach(files);
  }

  #remove(index: number): void {
    this.thread.drafts.pictures = this.thread.drafts.pictures.filter((_, other) => other !== index);
    this.problem = "";
    this.#measure();
    this.focus();
  }

  #measure(): void {
    const field = this.#field;
    const { pictures, files } = this.thread.drafts;
    this.pictures = pictures;
    this.files = files;
    this.filled = files.length > 0 || !isEmpty({ text: this.#text, pictures });
    if (GROWS_BY_ITSELF) return;
    field.style.height = "auto";
    field.style.height = `${field.scrollHeight}px`;
  }

  #onKey(event: KeyboardEvent): void {
    if (!sends(event)) return;
    event.preventDefault();
    this.#submit(event);
  }

  #submit(event: Event): void {
    event.preventDefault();
    const { pictures, files } = this.thread.drafts;
    const message: Message = { text: withFiles(this.#text, files), pictures };
    if (this.busy || this.reading || isEmpty(message)) return;
    this.#dictating.stop();
    this.slash = null;
    this.#field.value = "";
    this.long = "";
    this.thread.drafts.pictures = [];
    this.thread.drafts.files = [];
    this.thread.session.give(files);
    this.problem = "";
    this.#measure();
    this.dispatchEvent(new CustomEvent("send", { detail: message }));
  }
}

/** What is typed after the "/" of a message that is no more than that; null for any other. */
const promptTyped = (text: string): string | null =>
  text.startsWith("/") && text.length <= MOST_PROMPT && !text.includes("\n") ? text.slice(1) : null;

customElements.define("chat-composer", ChatComposer);
