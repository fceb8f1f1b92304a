import { html, type TemplateResult } from "lit";
import type { Choice } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { place, running } from "../kit/models/words.ts";
import { w } from "./button-words.ts";

/** Names what answers, and opens the choice. */
export function modelButton(choice: Choice | null, open: () => void): TemplateResult {
  return html`<button
    type="button"
    class="model-button"
    data-testid="model-button"
    data-provider=${choice?.provider ?? ""}
    aria-haspopup="dialog"
    title=${choice ? running(choice) : w.models}
    @click=${open}
  >
    <span class="visually-hidden">${w.model}</span>
    <span class="model-name" data-testid="model-name">${choice?.name || w.models}</span>
    ${choice ? html`<span class="model-place">${place(choice)}</span>` : ""}
    <span class="chevron" aria-hidden="true">${icons.chevron}</span>
  </button>`;
}
