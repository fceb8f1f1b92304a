import { html, type TemplateResult } from "lit";
import type { Choice } from "../../sdk/index.ts";
import { mark } from "../kit/icons.ts";

const EXAMPLES = [
  "What is the capital of France?",
  "Explain in two sentences why the sky is blue.",
  "Write a short thank-you note to a neighbour.",
];

/** What a new conversation shows; `choice` is what answers, null until that is known. */
export function emptyState(choice: Choice | null, ask: (text: string) => void): TemplateResult {
  return html`<div class="empty" data-testid="empty">
    ${mark}
    <h2>What’s on your mind?</h2>
    <p data-testid="privacy">
      ${
        choice?.provider === "openai"
          ? html`Your own server answers: what you write goes to ${choice.device}.`
          : "A language model answers right here in this tab. What you write stays on this device."
      }
      It can be wrong: check what matters.
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
