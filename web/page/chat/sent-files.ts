/** The files of a message that was sent, folded: what of them went with it can be read. */
import { html, type TemplateResult } from "lit";
import type { TextFile } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { fileWords } from "./composer/attachments.ts";
import { inSlices } from "./slices.ts";
import { w } from "./words/files.ts";

class SentFiles extends LightElement {
  static override properties = { files: { attribute: false }, opened: { state: true } };
  declare files: readonly TextFile[];
  /** Those that were opened once: their text may be long. */
  declare private opened: ReadonlySet<TextFile>;

  constructor() {
    super();
    this.opened = new Set();
  }

  override render(): TemplateResult {
    return html`<ul class="sent-files" aria-label=${w.sent}>
      ${this.files.map((file) => this.#row(file))}
    </ul>`;
  }

  #row(file: TextFile): TemplateResult {
    const { name, text, bytes = text.length, whole } = file;
    const open = ({ currentTarget }: Event) => {
      if ((currentTarget as HTMLDetailsElement).open) this.opened = new Set([...this.opened, file]);
    };
    return html`<li>
      <details class="sent-file" data-testid="sent-file" @toggle=${open}>
        <summary>
          <bdi>${fileWords({ name, size: bytes })}</bdi>
          <small>${whole ? w.lettersOf({ count: text.length, whole }) : w.letters({ count: text.length })}</small>
          <span class="chevron">${icons.chevron}</span>
        </summary>
        ${this.opened.has(file) ? html`<pre class="sent-text" data-testid="sent-text" dir="auto" tabindex="0">${inSlices(text)}</pre>` : ""}
      </details>
    </li>`;
  }
}

customElements.define("sent-files", SentFiles);
