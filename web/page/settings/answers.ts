/** What answers, and how it chooses its words. */
import { html, nothing, type TemplateResult } from "lit";
import type { Choice, Sampling } from "../../sdk/index.ts";
import type { SettingsStore } from "./settings-store.ts";
import { DIALS, STYLES, styleOf } from "./words.ts";

type Dial = (typeof DIALS)[number];

export function answers(store: SettingsStore, choice: Choice | null, choose: () => void): TemplateResult {
  const sampling = store.shown?.sampling ?? {};
  const style = styleOf(sampling);
  return html`<div class="setting">
      <div>
        <h3>What answers</h3>
        <p class="note" data-testid="settings-model">
          ${choice ? html`<bdi>${choice.name}</bdi> · ${choice.device}. ${choice.why}` : "Not known yet."} What you choose
          answers the open conversation and new ones.
        </p>
      </div>
      <button type="button" class="button" data-testid="settings-choose-model" @click=${choose}>Choose…</button>
    </div>
    <fieldset class="styles">
      <legend>How it chooses its words</legend>
      ${STYLES.map((each) => option(each, each.id === style, () => void store.set({ sampling: { ...without(sampling), ...each.sampling } })))}
      ${style === "own" ? html`<p class="note" data-testid="style-own">Your own, as set below.</p>` : nothing}
    </fieldset>
    <details class="dials" ?open=${Object.keys(sampling).length > 0}>
      <summary>Each by itself</summary>
      ${DIALS.map((dial) => row(dial, sampling[dial.name], store))}
    </details>
    <p class="note">What is set holds from the next message on. A server gets it as well.</p>`;
}

/** What a style says nothing of stays. */
function without({ temperature: _, topP: __, ...others }: Sampling): Sampling {
  return others;
}

const option = (
  { id, name, about }: (typeof STYLES)[number],
  chosen: boolean,
  choose: () => void,
): TemplateResult => html`<label class="tools-row">
  <input type="radio" name="style" data-testid="style-${id}" .checked=${chosen} @change=${choose} />
  <span class="tools-words">
    <span class="tools-title">${name}</span>
    <span class="tools-about">${about}</span>
  </span>
</label>`;

function row(dial: Dial, value: number | undefined, store: SettingsStore): TemplateResult {
  const { name, title, about } = dial;
  const id = `dial-${name}`;
  return html`<div class="dial">
    <label for=${id}>${title}</label>
    <span class="dial-value" data-testid="${id}-value">${value ?? "as the model has it"}</span>
    ${dial.typed ? typed(dial, id, value, store) : slider(dial, id, value, store)}
    <p class="note" id="${id}-about">${about}</p>
    ${
      value === undefined
        ? nothing
        : html`<button
            type="button"
            class="text-button"
            data-testid="${id}-reset"
            aria-label="Leave ${title.toLowerCase()} to the model"
            @click=${() => void store.dial(name, undefined)}
          >
            Leave it to the model
          </button>`
    }
  </div>`;
}

function slider({ name, from, to, step }: Dial, id: string, value: number | undefined, store: SettingsStore) {
  const show = ({ currentTarget }: Event) => {
    const { value, parentElement } = currentTarget as HTMLInputElement;
    const shown = parentElement?.querySelector(".dial-value");
    if (shown) shown.textContent = value;
  };
  return html`<input
    id=${id}
    type="range"
    min=${from}
    max=${to}
    step=${step}
    data-testid=${id}
    data-set=${value !== undefined}
    aria-describedby="${id}-about"
    aria-valuetext=${value ?? "as the model has it"}
    .value=${`${value ?? (from < 0 ? 0 : (from + to) / 2)}`}
    @input=${show}
    @change=${({ currentTarget }: Event) => void store.dial(name, Number((currentTarget as HTMLInputElement).value))}
  />`;
}

function typed({ name, from, to, step }: Dial, id: string, value: number | undefined, store: SettingsStore) {
  const set = ({ currentTarget }: Event) => {
    const field = currentTarget as HTMLInputElement;
    if (field.value === "" && field.validity.valid) void store.dial(name, undefined);
    else if (field.reportValidity()) void store.dial(name, Number(field.value));
  };
  return html`<input
    id=${id}
    class="field"
    type="number"
    inputmode="numeric"
    min=${from}
    max=${to}
    step=${step}
    placeholder="as the model has it"
    data-testid=${id}
    aria-describedby="${id}-about"
    .value=${value === undefined ? "" : `${value}`}
    @change=${set}
  />`;
}
