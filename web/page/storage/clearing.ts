/** The way to leave nothing behind. */
import { html, nothing, type TemplateResult } from "lit";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { question } from "./asking.ts";
import { w } from "./words.ts";

interface Clearing {
  asked: boolean;
  /** It is being done. */
  running: boolean;
  failure: Failure | undefined;
  ask(): void;
  keep(): void;
  confirm(): void;
}

export const clearing = ({
  asked,
  running,
  failure,
  ask,
  keep,
  confirm,
}: Clearing): TemplateResult => html`<section
  class="storage-clear"
  aria-labelledby="storage-clearing"
>
  <h2 id="storage-clearing" tabindex="-1">${w.clear}</h2>
  <p class="note">${w.aboutClear}</p>
  ${failure ? failureLine(failure, "storage-clear-failure") : nothing}
  ${
    running
      ? html`<p class="note" role="status" data-testid="storage-clear-running">${w.clearing}</p>`
      : asked
        ? question({
            words: w.clearAsk,
            yes: w.clearYes,
            testId: "storage-clear",
            keep,
            confirm,
          })
        : html`<button type="button" class="button" data-testid="storage-clear" @click=${ask}>
            ${w.clearButton}
          </button>`
  }
</section>`;
