/** What is chosen for this device: how the page looks, and what keys do. */
import { html, nothing, type TemplateResult } from "lit";
import { type ChoiceName, choices } from "../state/choices.ts";
import { LOOKS, SENDS, SIGNS } from "./words.ts";

export const appearance = (): TemplateResult => html`${LOOKS.map(row)}
  <p class="note">It holds in every tab of this browser, from now on.</p>`;

export const keyboard = (): TemplateResult => html`${row(SENDS)}${row(SIGNS)}
  <p class="note">The list of all keys: <kbd>?</kbd>, or “Keys” in what <kbd>Ctrl</kbd> or <kbd>⌘</kbd> and <kbd>K</kbd> opens.</p>`;

function row({ name, title, about, values }: (typeof LOOKS)[number]): TemplateResult {
  const chosen: string = choices.get(name);
  const choose = (value: string) => choices.set(name, value as ReturnType<typeof choices.get<ChoiceName>>);
  return html`<fieldset class="segments">
    <legend>${title}</legend>
    ${Object.entries(values).map(
      ([value, words]) => html`<label class="segment">
        <input
          type="radio"
          name=${name}
          data-testid="${name}-${value}"
          .checked=${value === chosen}
          @change=${() => choose(value)}
        />
        <span>${words}</span>
      </label>`,
    )}
    ${about ? html`<p class="note">${about}</p>` : nothing}
  </fieldset>`;
}
