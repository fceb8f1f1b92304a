import { html, type TemplateResult } from "lit";
import { mark } from "../shell/icons.ts";

const EXAMPLES = [
  "What is the capital of France?",
  "Explain in two sentences why the sky is blue.",
  "Write a short thank-you note to a neighbour.",
];

/** What a new conversation shows. */
export function emptyState(ask: (text: string) => void): TemplateResult {
  return html`<div class="empty" data-testid="empty">
    ${mark}
    <h2>What’s on your mind?</h2>
    <p>
      A small language model answers right here in this tab. What you write stays on this device. It can be
      wrong: check what matters.
    </p>
    <ul>
      ${EXAMPLES.map(
        (text) => html`<li>
          <button type="button" class="example" data-testid="example" @click=${() => ask(text)}>${text}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}
