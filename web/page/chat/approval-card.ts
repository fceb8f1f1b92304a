/** The card that asks for a decision: a tool wants to act. */
import { html, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import type { Approval } from "../state/thread.ts";

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
