/**
 * Where the person writes. Typing works before anything else does; what is typed and attached is kept as the
 * draft.
 */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { TextFile } from "../../../sdk/index.ts";
import { bring } from "../../kit/bring.ts";
import { takeChosen } from "../../kit/chosen-files.ts";
import { icons } from "../../kit/icons.ts";
import { LightElement } from "../../kit/light-element.ts";
import { list } from "../../kit/words.ts";
import { sends } from "../../state/choices.ts";
import { isEmpty, type Message, NOTHING } from "../../state/drafts.ts";
import type { Thread } from "../../state/thread.ts";
import { Dictating } from "../dictating.ts";
import { w } from "../words/chat.ts";
import { Attaching } from "./attaching.ts";
import { fileWords, pasted, withFiles } from "./attachments.ts";
import { dictateButton, lookSwitch, sendButton, stopButton } from "./buttons.ts";
import { LONG_TEXT, longText, longTextWords } from "./long-text.ts";

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
    forCode: { state: true },
    long: { state: true },
    slash: { state: true },
  };
  declare thread: Thread;
  declare busy: boolean;
  declare private filled: boolean;
  declare private pictures: readonly string[];
  /** Those whose text goes with the message, and those that code opens. */
  declare private files: readonly TextFile[];
  declare private forCode: readonly File[];
  /** What was pasted and is too long for the field; it follows what stands there. */
  declare private long: string;
  /** What stands after the "/" that the message begins with, while a prompt may be meant; null otherwise. */
  declare private slash: string | null;
  readonly #attaching = new Attaching(
    () => this.thread,
    (thread) => {
      if (thread === this.thread) this.#measure();
    },
  );
  readonly #dictating = new Dictating(
    () => import("../dictation.ts"),
    () => this.requestUpdate(),
  );
  #bound: Thread | null = null;

  constructor() {
    super();
    this.busy = false;
    this.filled = false;
    this.pictures = [];
    this.files = [];
    this.forCode = [];
    this.long = "";
    this.slash = null;
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

  /** Attaches files to the message. */
  attach(files: readonly File[]): Promise<void> {
    return this.#attaching.add(files);
  }

  /** A microphone that nobody sees is nobody's wish. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dictating.stop();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("thread") || this.#bound === this.thread) return;
    this.#bound?.removeEventListener("draft", this.#showDraft);
    this.#bound?.removeEventListener("queue", this.#redraw);
    this.#bound = this.thread;
    this.thread.addEventListener("draft", this.#showDraft);
    this.thread.addEventListener("queue", this.#redraw);
    this.#dictating.stop();
    this.#attaching.problem = "";
    this.#showDraft();
  }

  readonly #redraw = (): void => this.requestUpdate();

  #queued() {
    const { queue } = this.thread;
    bring("queued-messages", () => import("./queued-messages.ts"));
    return html`<queued-messages
      .queue=${queue}
      .messages=${queue.messages}
      .left=${() => this.focus()}
    ></queued-messages>`;
  }

  #thumbnails() {
    bring("picture-thumbnails", () => import("../pictures.ts"));
    const remove = (index: number) => this.#remove(index);
    return html`<picture-thumbnails
      .urls=${this.pictures}
      .reading=${this.#attaching.reads.pictures}
      .remover=${remove}
    ></picture-thumbnails>`;
  }

  #promptMenu(typed: string) {
    bring("prompt-menu", () => import("../prompt-menu.ts"));
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

  readonly #attached = (): void => {
    this.#measure();
    this.focus();
  };

  #attachedFiles() {
    bring("attached-files", () => import("./attached-files.ts"));
    return html`<attached-files
      .thread=${this.thread}
      .files=${this.files}
      .forCode=${this.forCode}
      .attaching=${this.#attaching}
      .reading=${this.#attaching.reads.files}
      .changed=${this.#attached}
    ></attached-files>`;
  }

  override render() {
    const { reads, problem } = this.#attaching;
    return html`${this.thread?.queue.messages.length ? this.#queued() : nothing}
      <form class="composer" @submit=${this.#submit}>
        ${this.slash === null ? nothing : this.#promptMenu(this.slash)}
        ${this.pictures.length || reads.pictures ? this.#thumbnails() : nothing}
        ${this.files.length || this.forCode.length || reads.files ? this.#attachedFiles() : nothing}
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
        problem
          ? html`<p class="composer-problem" role="alert" data-testid="picture-problem">${problem}</p>`
          : nothing
      }
      <p class="visually-hidden" role="status">${this.#attachedWords()}</p>`;
  }

  #documents(): TemplateResult {
    bring("documents-button", () => import("../../reader/documents-button.ts"));
    return html`<documents-button .thread=${this.thread}></documents-button>`;
  }

  #lookSwitch(): TemplateResult {
    const on = this.thread?.look ?? false;
    return lookSwitch(on, this.busy, () => {
      this.thread.look = !on;
      this.requestUpdate();
    });
  }

  #dictate(): TemplateResult {
    return dictateButton(this.#dictating.on, () => this.#onDictate());
  }

  #onDictate(): void {
    this.#attaching.problem = "";
    const before = this.#field.value;
    const { long } = this;
    void this.#dictating.press(this.thread.session.alcove, {
      onText: (text) => this.#fill([before, text].filter(Boolean).join(" "), long),
      onEnd: (problem) => {
        this.#attaching.problem = problem;
        this.requestUpdate();
      },
    });
  }

  #action(): TemplateResult {
    const ready = this.filled && !this.#attaching.reading;
    const stop = () => this.dispatchEvent(new Event("stop"));
    if (!this.busy) return sendButton(w.send, ready);
    return html`${ready ? sendButton(w.sendNext, true) : nothing}${stopButton(stop)}`;
  }

  #attachedWords(): string {
    const count = this.pictures.length;
    if (this.#attaching.reading) return w.readingFile;
    const pictures = count ? [w.pictures({ count })] : [];
    const all = [...(this.long ? [longTextWords(this.long)] : []), ...this.#fileNames(), ...pictures];
    return all.length ? w.attached({ things: list(all) }) : "";
  }

  #fileNames(): string[] {
    return [...this.files.map(({ name }) => name), ...this.forCode.map(fileWords)];
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
    this.#attaching.problem = "";
    this.#measure();
    this.focus();
  }

  #measure(): void {
    const field = this.#field;
    const { pictures, files, forCode } = this.thread.drafts;
    this.pictures = pictures;
    this.files = files;
    this.forCode = forCode;
    this.filled = forCode.length > 0 || !isEmpty({ text: this.#text, pictures, files });
    this.requestUpdate();
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
    const { drafts, session } = this.thread;
    const { pictures, files, forCode } = drafts;
    const message: Message = { text: withFiles(this.#text, forCode), pictures, files };
    if (this.#attaching.reading || isEmpty(message)) return;
    this.#dictating.stop();
    this.slash = null;
    this.#field.value = "";
    this.long = "";
    drafts.waiting = NOTHING;
    drafts.forCode = [];
    session.give(forCode);
    this.#attaching.problem = "";
    this.#measure();
    this.dispatchEvent(new CustomEvent("send", { detail: message }));
  }
}

/** What is typed after the "/" of a message that is no more than that; null for any other. */
const promptTyped = (text: string): string | null =>
  text.startsWith("/") && text.length <= MOST_PROMPT && !text.includes("\n") ? text.slice(1) : null;

customElements.define("chat-composer", ChatComposer);
