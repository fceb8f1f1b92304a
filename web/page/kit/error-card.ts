/** How a failure is told: a card that offers the step that helps, or a line beside what failed. */
import { html, nothing, type TemplateResult } from "lit";
import { type Failure, type NextStep, nextStep, STEP_LABELS } from "./failure.ts";
import { icons } from "./icons.ts";
import { told } from "./told.ts";
import { w } from "./words/failure.ts";

/** What failed, and the step that helps; `dismiss` is left out when nothing works until the step is taken. */
export function errorCard(
  failure: Failure,
  take: (step: NextStep) => void,
  dismiss: (() => void) | null,
  step: NextStep = nextStep(failure),
): TemplateResult {
  return html`<section class="card error" role="alert" data-testid="error" data-code=${failure.code}>
    ${icons.alert}
    <div>
      <p class="card-title">${told(failure.message)}</p>
      ${failure.action ? html`<p>${told(failure.action)}</p>` : nothing} ${detail(failure.detail)}
      <div class="card-actions">
        <button type="button" class="button primary" data-testid="error-action" @click=${() => take(step)}>
          ${STEP_LABELS[step]}
        </button>
        ${dismiss ? html`<button type="button" class="button" @click=${dismiss}>${w.dismiss}</button>` : nothing}
      </div>
    </div>
  </section>`;
}

/** A server may answer with a whole page. */
const MOST_DETAIL = 2_000;

const detail = (words: string | undefined): TemplateResult | typeof nothing =>
  words
    ? html`<details class="error-detail" data-testid="error-detail">
        <summary>${w.said}</summary>
        <pre dir="auto">${words.slice(0, MOST_DETAIL)}</pre>
      </details>`
    : nothing;

/** What failed and what to do, in one line. */
export const failureLine = ({ message, action }: Failure, testId: string): TemplateResult => html`<p
  class="model-why failed"
  role="alert"
  data-testid=${testId}
>
  ${icons.alert}<span>${told(message)} ${told(action)}</span>
</p>`;
