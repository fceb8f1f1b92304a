/** Where a person's own model files go in: chosen or dropped, one or several that belong together. */
import { html, nothing, type TemplateResult } from "lit";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { type Moving, progress } from "../kit/models/row.ts";
import { w } from "./words.ts";

interface Adding {
  moving: Moving | undefined;
  failure: Failure | undefined;
  add(files: File[]): void;
  stop(): void;
}

export const adding = ({ moving, failure, add, stop }: Adding): TemplateResult => html`<section
  class="storage-add"
  aria-labelledby="storage-adding"
>
  <h2 id="storage-adding">${w.add}</h2>
  <p class="note">${w.aboutAdding}</p>
  ${
    moving
      ? progress(w.yourFiles, moving, stop)
      : html`<label class="button file-button">
          ${icons.plus} ${w.chooseFiles}
          <input
            type="file"
            accept=".gguf,.onnx,.json"
            multiple
            data-testid="storage-files"
            @change=${(event: Event) => {
              const files = takeChosen(event);
              if (files.length) add(files);
            }}
          />
        </label>`
  }
  ${failure ? failureLine(failure, "storage-add-failure") : nothing}
</section>`;
