/** What could go where room is short; nothing goes unasked. */
import { html, nothing, type TemplateResult } from "lit";
import type { ModelEntry } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { question } from "./asking.ts";
import { usedWords, weight } from "./words.ts";

interface ShortActions {
  ask(): void;
  keep(): void;
  confirm(): void;
}

export function shortOfRoom(
  suggested: readonly ModelEntry[],
  asked: boolean,
  actions: ShortActions,
): TemplateResult | typeof nothing {
  if (!suggested.length) return nothing;
  const sum = suggested.reduce((total, { bytes }) => total + bytes, 0);
  const several = suggested.length > 1;
  return html`<section class="card" data-testid="storage-short">
    ${icons.alert}
    <div>
      <h2 class="card-title">Room is getting short</h2>
      <p>${several ? "These models have" : "This model has"} rested the longest:</p>
      <ul class="storage-suggested">
        ${suggested.map((entry) => html`<li>${entry.name} · ${weight(entry.bytes)} · ${usedWords(entry)}</li>`)}
      </ul>
      ${
        asked
          ? question({
              words: `Delete ${several ? `these ${suggested.length} models` : "it"}? That frees ${weight(sum)}.`,
              yes: "Delete",
              testId: "storage-short",
              ...actions,
            })
          : html`<div class="card-actions">
              <button type="button" class="button" data-testid="storage-free" @click=${actions.ask}>
                Free ${weight(sum)}…
              </button>
            </div>`
      }
    </div>
  </section>`;
}
