/** What is chosen for this device: the language, how the page looks, and what keys do. */
import { html, nothing, type TemplateResult } from "lit";
import { chooseLanguage, chosenLanguage, languages } from "../kit/language.ts";
import { CHOICES, type ChoiceName, type ChoiceOf, choices } from "../state/choices.ts";
import { MOD } from "../state/mod-key.ts";
import { w } from "./words.ts";

/** @param failed tells that a language could not be had, or that it could */
export const appearance = (failure: string, failed: (words: string) => void): TemplateResult => html`
  ${language(failure, failed)} ${row("theme", w.theme, { auto: w.theme_auto, light: w.theme_light, dark: w.theme_dark })}
  ${row("text", w.textSize, { small: w.text_small, usual: w.text_usual, large: w.text_large, larger: w.text_larger })}
  ${row("width", w.width, { usual: w.width_usual, wide: w.width_wide, full: w.width_full }, w.aboutWidth)}
  ${row("density", w.density, { usual: w.density_usual, compact: w.density_compact })}
  <p class="note">${w.everywhere}</p>`;

export const keyboard = (): TemplateResult => html`
  ${row("send", w.send, { enter: w.send_enter, "ctrl-enter": w["send_ctrl-enter"] })}
  ${row("signs", w.signs, { on: w.signs_on, off: w.signs_off }, w.aboutSigns)}
  <p class="note">
    ${w.allKeys({ sign: html`<kbd>?</kbd>`, mod: html`<kbd>${MOD}</kbd>`, letter: html`<kbd>K</kbd>` })}
  </p>`;

function language(failure: string, failed: (words: string) => void): TemplateResult {
  const choose = (tag: string) =>
    chooseLanguage(tag).then(
      () => failed(""),
      () => failed(w.languageFailed),
    );
  const all = Object.entries(languages()).map(([tag, { name }]) => ({
    value: tag,
    words: html`<span lang=${tag}>${name}</span>`,
  }));
  return segments(
    { name: "language", title: w.language, about: failure },
    [{ value: "", words: w.byBrowser }, ...all],
    chosenLanguage(),
    (tag) => void choose(tag),
  );
}

/** A choice of this device, with what each of its values is called, in the order in which they are shown. */
function row<Name extends ChoiceName>(
  name: Name,
  title: string,
  values: Readonly<Record<ChoiceOf<Name>, string>>,
  about = "",
): TemplateResult {
  const named = Object.entries<string>(values).map(([value, words]) => ({ value, words }));
  const known: readonly string[] = CHOICES[name];
  return segments({ name, title, about }, named, choices.get(name), (value) => {
    if (known.includes(value)) choices.set(name, value as ChoiceOf<Name>);
  });
}

const segments = (
  { name, title, about }: { name: string; title: string; about: string },
  values: readonly { value: string; words: string | TemplateResult }[],
  chosen: string,
  choose: (value: string) => void,
): TemplateResult => html`<fieldset class="segments">
  <legend>${title}</legend>
  ${values.map(
    ({ value, words }) => html`<label class="segment">
      <input
        type="radio"
        name=${name}
        data-testid="${name}-${value || "auto"}"
        .checked=${value === chosen}
        @change=${() => choose(value)}
      />
      <span>${words}</span>
    </label>`,
  )}
  ${about ? html`<p class="note" role=${name === "language" ? "status" : nothing}>${about}</p>` : nothing}
</fieldset>`;
