/** The two cards that ask for a decision: a failure and an approval. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../shell/icons.ts";
import { type Failure, type NextStep, nextStep, STEP_LABELS } from "./failure.ts";
import type { Approval } from "./thread.ts";

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
      <p class="card-title">${failure.message}</p>
      ${failure.action ? html`<p>${failure.action}</p>` : nothing}
      <div class="card-actions">
        <button type="button" class="button primary" data-testid="error-action" @click=${() => take(step)}>
          ${STEP_LABELS[step]}
        </button>
        ${dismiss ? html`<button type="button" class="button" @click=${dismiss}>Dismiss</button>` : nothing}
      </div>
    </div>
  </section>`;
}

const label = (option: string): string => option.charAt(0).toUpperCase() + option.slice(1);

const grants = (option: string): boolean => /^allow/i.test(option);

/** A question of a tool; it is answered with one of its own options. */
export function approvalCard(approval: Approval, respond: (option: string) => void): TemplateResult {
  const first = approval.options.findIndex(grants);
  return html`<section
    class="card approval"
    role="alertdialog"
    aria-labelledby="approval-title"
    aria-describedby="approval-prompt"
    tabindex="-1"
    data-testid="approval"
  >
    ${icons.shield}
    <div>
      <p class="card-title" id="approval-title">Alcove asks for your permission</p>
      <p id="approval-prompt" class="plain">${approval.prompt}</p>
      <div class="card-actions">
        ${approval.options.map(
          (option, index) => html`<button
            type="button"
            class=${index === first ? "button primary" : "button"}
            data-testid="approval-option"
            data-option=${option}
            @click=${() => respond(option)}
          >
            ${label(option)}
          </button>`,
        )}
      </div>
    </div>
  </section>`;
}
