import { html, nothing, type TemplateResult } from "lit";
import type { Choice } from "../../sdk/index.ts";
import { mark } from "../kit/icons.ts";
import { SITE } from "../state/site.ts";
import type { ThreadAgent } from "../state/thread-session.ts";

const EXAMPLES = [
  "What is the capital of France?",
  "Explain in two sentences why the sky is blue.",
  "Write a short thank-you note to a neighbour.",
];

/** What a new conversation shows; `choice` is what answers, null until that is known. */
export function emptyState(
  choice: Choice | null,
  agent: ThreadAgent | null,
  ask: (text: string) => void,
): TemplateResult {
  return html`<div class="opening empty" data-testid="empty">
    ${mark}
    <h2>${agent ? agent.name : "What’s on your mind?"}</h2>
    ${SITE?.description && agent?.id === "site" ? html`<p data-testid="first-words">${SITE.description}</p>` : nothing}
    <p data-testid="privacy">
      ${
        choice?.provider === "openai"
          ? html`Your own server answers: what you write goes to ${choice.device}.`
          : "A language model answers right here in this tab. What you write stays on this device."
      }
      It can be wrong: check what matters.
    </p>
    <first-welcome></first-welcome>
    <ul>
      ${(agent ? [] : EXAMPLES).map(
        (text) => html`<li>
          <button type="button" class="example" data-testid="example" @click=${() => ask(text)}>${text}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}
