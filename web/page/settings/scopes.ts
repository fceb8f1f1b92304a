/** Whether the settings of new conversations are shown, or those of the open one. */
import { html, type nothing, type TemplateResult } from "lit";
import type { Scope, SettingsStore } from "./settings-store.ts";

export function scopes(store: SettingsStore, title: string): TemplateResult | typeof nothing {
  if (store.conversation === undefined) return html`<p class="note">These hold for new conversations.</p>`;
  const names: readonly [Scope, TemplateResult | string][] = [
    ["new", "New conversations"],
    ["this", html`This one: <bdi>${title}</bdi>`],
  ];
  return html`<fieldset class="segments">
    <legend class="visually-hidden">For which conversations</legend>
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
