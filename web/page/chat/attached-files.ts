/** Files that wait to be sent to the `python` tool, each with a button that takes it away. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { fileWords } from "./attachments.ts";

class AttachedFiles extends LightElement {
  static override properties = { files: { attribute: false }, remover: { attribute: false } };
  declare files: readonly File[];
  declare remover: (file: File) => void;

  override render() {
    return html`<ul class="attached-files" aria-label="Files to send" data-testid="attached-files">
        ${this.files.map(
          (file) => html`<li data-testid="attached-file">
            <bdi>${fileWords(file)}</bdi>
            ${smallButton(
              { icon: icons.close, testId: "remove-file", label: `Remove ${file.name}`, title: "Remove" },
              () => this.remover(file),
            )}
          </li>`,
        )}
      </ul>
      <p class="attached-for">The model opens them with its Python tool, which is switched on with them.</p>`;
  }
}

customElements.define("attached-files", AttachedFiles);
