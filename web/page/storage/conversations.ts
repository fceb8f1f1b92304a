/** Conversations as a file: given to the person, and taken back from a file that Alcove wrote, here or elsewhere. */
import { html, nothing, type TemplateResult } from "lit";
import type { ImportReport } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { importWords, w } from "./words.ts";

interface Moves {
  /** There is something to export. */
  some: boolean;
  /** A file for Amplifier's command line is being made. */
  packing: boolean;
  /** Files are being read. */
  importing: boolean;
  /** What became of the last ones. */
  report: ImportReport | null;
  failure: Failure | undefined;
  save(): void;
  pack(): void;
  bring(files: File[]): void;
}

export const conversations = ({
  some,
  packing,
  importing,
  report,
  failure,
  save,
  pack,
  bring,
}: Moves): TemplateResult => html`<section class="storage-add" aria-labelledby="storage-conversations">
  <h2 id="storage-conversations">${w.conversations}</h2>
  <p class="note">${w.aboutConversations}</p>
  <div class="storage-buttons">
    ${
      some
        ? html`<button type="button" class="button" data-testid="conversations-export" @click=${save}>
            ${icons.down} ${w.exportAll}
          </button>
          <button
            type="button"
            class="button"
            title=${w.aboutAmplifier}
            data-testid="conversations-pack"
            ?disabled=${packing}
            @click=${pack}
          >
            ${icons.down} ${packing ? w.packing : w.forAmplifier}
          </button>`
        : nothing
    }
    ${
      importing
        ? html`<p class="note" role="status">${w.reading}</p>`
        : html`<label class="button file-button">
            ${icons.plus} ${w.import}
            <input
              type="file"
              accept=".json,application/json"
              multiple
              data-testid="conversations-import"
              @change=${(event: Event) => {
                const files = takeChosen(event);
                if (files.length) bring(files);
              }}
            />
          </label>`
    }
  </div>
  ${
    report
      ? html`<div class="note" role="status" data-testid="conversations-imported">
          ${importWords(report).map((line) => html`<p>${line}</p>`)}
        </div>`
      : nothing
  }
  ${failure ? failureLine(failure, "conversations-failure") : nothing}
</section>`;

/** Whether a file that was dropped may hold conversations; every other may be a model's. */
export const mayHoldConversations = ({ name, type }: Pick<File, "name" | "type">): boolean =>
  type === "application/json" || /\.json$/i.test(name);
