/** Buttons of the composer. */
import { html, type TemplateResult } from "lit";
import { icons } from "../../kit/icons.ts";
import { microphone } from "../../kit/sound-icons.ts";
import { common } from "../../kit/words/common.ts";
import { choices } from "../../state/choices.ts";
import { MOD } from "../../state/mod-key.ts";
import { w } from "../words/chat.ts";

export const lookSwitch = (on: boolean, busy: boolean, press: () => void): TemplateResult => html`<button
  type="button"
  class="look-switch"
  role="switch"
  aria-checked=${on}
  data-testid="look-switch"
  title=${on ? w.lookOn : w.lookOff}
  ?disabled=${busy}
  @click=${press}
>
  ${icons.eye}<span>${w.look}</span>
</button>`;

export function dictateButton(on: boolean, press: () => void): TemplateResult {
  const words = on ? w.stopDictating : w.dictate;
  return html`<button
    type="button"
    class="icon-button"
    data-testid="dictate"
    aria-label=${words}
    title=${words}
    aria-pressed=${on}
    @click=${press}
  >
    ${on ? icons.stop : microphone}
  </button>`;
}

export const stopButton = (press: () => void): TemplateResult => html`<button
  type="button"
  class="round-button"
  data-testid="stop"
  aria-label=${common.stop}
  title=${w.stopKey}
  @click=${press}
>
  ${icons.stop}
</button>`;

export const sendButton = (words: string, ready: boolean): TemplateResult => html`<button
  type="submit"
  class="round-button"
  data-testid="send"
  aria-label=${words}
  title="${words} (${choices.get("send") === "enter" ? "" : `${MOD}+`}${w.enterKey})"
  ?disabled=${!ready}
>
  ${icons.send}
</button>`;
