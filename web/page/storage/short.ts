/** What could go where room is short; nothing goes unasked. */
import { html, nothing, type TemplateResult } from "lit";
import type { ModelEntry } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { question } from "./asking.ts";
import { usedWords, w, weight } from "./words.ts";

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
  const count = suggested.length;
  return html`<section class="card" data-testid="storage-short">
    ${icons.alert}
    <div>
      <h2 class="card-title">${w.short}</h2>
      <p>${w.rested({ count })}</p>
      <ul class="storage-suggested">
        ${suggested.map((entry) => html`<li>${entry.name} · ${weight(entry.bytes)} · ${usedWords(entry)}</li>`)}
      </ul>
      ${
        asked
          ? question({
              words: w.deleteRested({ count, size: weight(sum) }),
              yes: w.delete,
              testId: "storage-short",
              ...actions,
            })
          : html`<div class="card-actions">
              <button type="button" class="button" data-testid="storage-free" @click=${actions.ask}>
                ${w.free({ size: weight(sum) })}
              </button>
            </div>`
      }
    </div>
  </section>`;
}
