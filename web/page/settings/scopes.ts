/** Whether the settings of new conversations are shown, or those of the open one. */
import { html, type nothing, type TemplateResult } from "lit";
import type { Scope, SettingsStore } from "./settings-store.ts";
import { w } from "./words.ts";

export function scopes(store: SettingsStore, title: string): TemplateResult | typeof nothing {
  if (store.conversation === undefined) return html`<p class="note">${w.forNew}</p>`;
  const names: readonly [Scope, unknown][] = [
    ["new", w.newOnes],
    ["this", w.thisOne({ title: html`<bdi>${title}</bdi>` })],
  ];
  return html`<fieldset class="segments">
    <legend class="visually-hidden">${w.scope}</legend>
    ${names.map(
      ([scope, name]) => html`<label class="segment">
        <input
          type="radio"
          name="scope"
          data-testid="scope-${scope}"
          .checked=${store.scope === scope}
          @change=${() => void store.show(scope)}
        />
        <span>${name}</span>
      </label>`,
    )}
  </fieldset>`;
}
