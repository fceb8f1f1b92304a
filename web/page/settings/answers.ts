/** What answers, and how it chooses its words. */
import { html, nothing, type TemplateResult } from "lit";
import type { Choice, Sampling } from "../../sdk/index.ts";
import { told } from "../kit/told.ts";
import { DIALS, type Dial, STYLES, samplingWords, styleOf } from "./sampling-words.ts";
import type { SettingsStore } from "./settings-store.ts";
import { w } from "./words.ts";

export function answers(store: SettingsStore, choice: Choice | null, choose: () => void): TemplateResult {
  const sampling = store.shown?.sampling ?? {};
  const style = styleOf(sampling);
  return html`<div class="setting">
      <div>
        <h3>${w.what}</h3>
        <p class="note" data-testid="settings-model">
          ${choice ? html`<bdi>${choice.name}</bdi> · ${told(choice.device)}. ${told(choice.why)}` : w.unknown} ${w.chosen}
        </p>
      </div>
      <button type="button" class="button" data-testid="settings-choose-model" @click=${choose}>
        ${w.choose}
      </button>
    </div>
    <fieldset class="styles">
      <legend>${w.style}</legend>
      ${STYLES.map((each) => option(each, each.id === style, () => void store.set({ sampling: { ...without(sampling), ...each.sampling } })))}
      ${style === "own" ? html`<p class="note" data-testid="style-own">${w.own}</p>` : nothing}
    </fieldset>
    <details
      class="dials"
      ?open=${store.unfolded ?? Object.keys(sampling).length > 0}
      @toggle=${({ currentTarget }: Event) => {
        store.unfolded = (currentTarget as HTMLDetailsElement).open;
      }}
    >
      <summary>${w.each}</summary>
      ${DIALS.map((dial) => row(dial, sampling[dial.name], store))}
    </details>
    <p class="note">${w.holds}</p>`;
}

/** What a style says nothing of stays. */
function without({ temperature: _, topP: __, ...others }: Sampling): Sampling {
  return others;
}

const option = (
  { id, about }: (typeof STYLES)[number],
  chosen: boolean,
  choose: () => void,
): TemplateResult => html`<label class="tools-row">
  <input type="radio" name="style" data-testid="style-${id}" .checked=${chosen} @change=${choose} />
  <span class="tools-words">
    <span class="tools-title">${samplingWords[id]}</span>
    <span class="tools-about">${samplingWords[about]}</span>
  </span>
</label>`;

function row(dial: Dial, value: number | undefined, store: SettingsStore): TemplateResult {
  const { name, about } = dial;
  const title = samplingWords[name];
  const id = `dial-${name}`;
  return html`<div class="dial">
    <label id="${id}-label" for=${id}>${title}</label>
    <span class="dial-value" data-testid="${id}-value" .textContent=${`${value ?? w.byModel}`}></span>
    ${dial.typed ? typed(dial, id, value, store) : slider(dial, id, value, store)}
    <p class="note" id="${id}-about">${samplingWords[about]}</p>
    ${
      value === undefined
        ? nothing
        : html`<button
            type="button"
            class="text-button"
            data-testid="${id}-reset"
            aria-describedby="${id}-label"
            @click=${() => void store.dial(name, undefined)}
          >
            ${w.leave}
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
    aria-valuetext=${value ?? w.byModel}
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
    placeholder=${w.byModel}
    data-testid=${id}
    aria-describedby="${id}-about"
    .value=${value === undefined ? "" : `${value}`}
    @change=${set}
  />`;
}
