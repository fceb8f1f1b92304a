/** Where a person's own model files go in: chosen or dropped, one or several that belong together. */
import { html, nothing, type TemplateResult } from "lit";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { type Moving, progress } from "../kit/model-row.ts";

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
  <h2 id="storage-adding">Add a model of your own</h2>
  <p class="note">
    A GGUF file; with its projector (“mmproj”), one that sees; or all parts of one that was split. Or a Piper
    voice: its .onnx and its .onnx.json. Choose what belongs together at once, or drop it here. It is copied, and goes nowhere else.
  </p>
  ${
    moving
      ? progress("your files", moving, stop)
      : html`<label class="button file-button">
          ${icons.plus} Choose files
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
