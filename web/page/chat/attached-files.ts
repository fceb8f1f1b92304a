/** Files that wait to be sent to the `python` tool, each with a button that takes it away. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import { fileWords } from "./attachments.ts";
import { w } from "./words/parts.ts";

class AttachedFiles extends LightElement {
  static override properties = { files: { attribute: false }, remover: { attribute: false } };
  declare files: readonly File[];
  declare remover: (file: File) => void;

  override render() {
    return html`<ul class="attached-files" aria-label=${w.filesToSend} data-testid="attached-files">
        ${this.files.map(
          (file) => html`<li data-testid="attached-file">
            <bdi>${fileWords(file)}</bdi>
            ${smallButton(
              {
                icon: icons.close,
                testId: "remove-file",
                label: common.removeIt({ name: file.name }),
                title: common.remove,
              },
              () => this.remover(file),
            )}
          </li>`,
        )}
      </ul>
      <p class="attached-for">${w.filesFor}</p>`;
  }
}

customElements.define("attached-files", AttachedFiles);
