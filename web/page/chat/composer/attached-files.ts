/** Files that wait to be sent: those whose text goes with the message, and those that code opens. */
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { TextFile } from "../../../sdk/index.ts";
import { toFailure } from "../../kit/failure.ts";
import { icons } from "../../kit/icons.ts";
import { LightElement } from "../../kit/light-element.ts";
import { smallButton } from "../../kit/small-button.ts";
import { common } from "../../kit/words/common.ts";
import type { Thread } from "../../state/thread.ts";
import { w } from "../words/files.ts";
import type { Attaching } from "./attaching.ts";
import { fileWords } from "./attachments.ts";
import { fits, intoDocuments, type Room, roomOf, shortened, tokensOf } from "./text-files.ts";

/** Calls `changed` after what it did to the drafts. */
class AttachedFiles extends LightElement {
  static override properties = {
    thread: { attribute: false },
    files: { attribute: false },
    forCode: { attribute: false },
    attaching: { attribute: false },
    reading: { attribute: false },
    changed: { attribute: false },
    room: { state: true },
    busy: { state: true },
    problem: { state: true },
  };
  declare thread: Thread;
  declare files: readonly TextFile[];
  declare forCode: readonly File[];
  declare attaching: Attaching;
  /** How many more are on their way. */
  declare reading: number;
  declare changed: () => void;
  declare private room: Room | null;
  /** They are on their way into documents. */
  declare private busy: boolean;
  declare private problem: string;
  #bound: Thread | null = null;

  constructor() {
    super();
    this.room = null;
    this.busy = false;
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#bound?.addEventListener("choice", this.#measure);
    void this.#measure();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#bound?.removeEventListener("choice", this.#measure);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("thread")) return;
    this.#bound?.removeEventListener("choice", this.#measure);
    this.#bound = this.thread;
    this.thread.addEventListener("choice", this.#measure);
    void this.#measure();
  }

  readonly #measure = async (): Promise<void> => {
    const { thread } = this;
    if (!thread) return;
    const room = await roomOf(thread);
    if (thread === this.thread) this.room = room;
  };

  override render(): TemplateResult {
    const { drafts } = this.thread;
    return html`<ul class="attached-files" aria-label=${w.toSend} data-testid="attached-files">
        ${this.files.map((file) =>
          this.#chip(file.name, textWords(file), nothing, () => {
            drafts.files = drafts.files.filter((other) => other !== file);
          }),
        )}
        ${this.forCode.map((file) =>
          this.#chip(file.name, fileWords(file), this.#asText(file), () => {
            drafts.forCode = drafts.forCode.filter((other) => other !== file);
          }),
        )}
        ${this.reading ? html`<li data-testid="file-reading">${w.reading}</li>` : nothing}
      </ul>
      ${this.forCode.length ? html`<p class="attached-for">${w.forCode}</p>` : nothing}
      ${this.#tooLong()}`;
  }

  #chip(
    name: string,
    words: string,
    more: TemplateResult | typeof nothing,
    remove: () => void,
  ): TemplateResult {
    return html`<li data-testid="attached-file">
      <bdi>${words}</bdi>${more}
      ${smallButton(
        {
          icon: icons.close,
          testId: "remove-file",
          label: common.removeIt({ name }),
          title: common.remove,
        },
        () => {
          remove();
          this.changed();
        },
      )}
    </li>`;
  }

  #asText(file: File): TemplateResult {
    return html`<button
      type="button"
      class="text-button"
      data-testid="file-as-text"
      @click=${() => void this.attaching.read(file)}
    >
      ${w.asText}
    </button>`;
  }

  #tooLong(): TemplateResult | typeof nothing {
    const { room, files } = this;
    if (this.problem) return html`<p class="attached-for" role="alert">${this.problem}</p>`;
    if (!files.length || fits(files, room)) return nothing;
    const about = { tokens: tokensOf(files) };
    return html`<div class="attached-long" role="status" data-testid="files-too-long">
      <p>${room ? w.tooLong({ ...about, model: html`<bdi>${room.model}</bdi>`, window: room.window }) : w.muchTooLong(about)}</p>
      <p class="card-actions">
        <button type="button" class="button" data-testid="files-shorten" ?disabled=${this.busy} @click=${this.#shorten}>
          ${w.shorten}
        </button>
        <button type="button" class="button" data-testid="files-to-documents" ?disabled=${this.busy} @click=${this.#toDocuments}>
          ${this.busy ? w.reading : w.toDocuments}
        </button>
      </p>
    </div>`;
  }

  #shorten(): void {
    this.thread.drafts.files = shortened(this.files, this.room);
    this.changed();
  }

  async #toDocuments(): Promise<void> {
    this.busy = true;
    this.problem = "";
    try {
      await intoDocuments(this.thread);
    } catch (thrown) {
      const { message, action } = toFailure(thrown);
      this.problem = `${message} ${action}`;
    }
    this.busy = false;
    this.changed();
  }
}

/** "notes.md (12 KB, about 3,000 tokens)" */
function textWords(file: TextFile): string {
  const about = {
    file: fileWords({ name: file.name, size: file.bytes ?? file.text.length }),
    tokens: tokensOf([file]),
  };
  return file.whole ? w.beginningOf(about) : w.textOf(about);
}

customElements.define("attached-files", AttachedFiles);
