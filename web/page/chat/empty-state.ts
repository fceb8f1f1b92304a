import { html, nothing, type TemplateResult } from "lit";
import type { Choice } from "../../sdk/index.ts";
import { mark } from "../kit/icons.ts";
import { SITE } from "../state/site.ts";
import type { ThreadAgent } from "../state/thread-session.ts";
import { w } from "./words/chat.ts";

/** What a new conversation shows; `choice` is what answers, null until that is known. */
export function emptyState(
  choice: Choice | null,
  agent: ThreadAgent | null,
  ask: (text: string) => void,
): TemplateResult {
  return html`<div class="opening empty" data-testid="empty">
    ${mark}
    <h2>${agent ? agent.name : w.mind}</h2>
    ${SITE?.description && agent?.id === "site" ? html`<p data-testid="first-words">${SITE.description}</p>` : nothing}
    <p data-testid="privacy">
      ${choice?.provider === "openai" ? w.server({ server: choice.device }) : w.here}
      ${w.canBeWrong}
    </p>
    <first-welcome></first-welcome>
    <ul>
      ${(agent ? [] : [w.example1, w.example2, w.example3]).map(
        (text) => html`<li>
          <button type="button" class="example" data-testid="example" @click=${() => ask(text)}>${text}</button>
        </li>`,
      )}
    </ul>
  </div>`;
}
