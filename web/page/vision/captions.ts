/** What it sees: the prompt that is asked of every frame, and the newest answer. */
import { html, nothing, type TemplateResult } from "lit";
import { took } from "../kit/format.ts";
import { icons as common } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { icons } from "./icons.ts";
import type { Answer, Observer } from "./observer.ts";
import { INTERVALS, PRESETS } from "./presets.ts";

interface CaptionActions {
  copy(event: Event, text: string): void;
}

const HOW_COMPARED =
  "The model describes each frame, and Alcove compares its words with those of the frame before. What the model does not mention goes unnoticed.";

/** `words` says what it is doing. */
export function captions(
  observer: Observer,
  live: boolean,
  words: string,
  actions: CaptionActions,
): TemplateResult {
  const { preset, caption } = observer;
  return html`<section class="panel" aria-labelledby="captions-title">
    <header class="panel-head">
      <h2 id="captions-title">${live ? "Live captions" : "What it sees"}</h2>
      ${live ? watching(observer) : lookAgain(observer)}
    </header>
    <fieldset class="chips">
      <legend class="visually-hidden">Ask of ${live ? "every frame" : "the picture"}</legend>
      ${PRESETS.map(
        (each) => html`<label class="chip"
          ><input
            type="radio"
            name="preset"
            value=${each.id}
            data-testid="preset-${each.id}"
            .checked=${each.id === preset.id}
            @change=${() => observer.setPreset(each)}
          />${each.name}</label
        >`,
      )}
    </fieldset>
    ${preset.id === "own" ? ownPrompt(observer) : nothing}
    ${preset.compares ? html`<p class="note" data-testid="how-compared">${HOW_COMPARED}</p>` : nothing}
    <div
      class="caption"
      role="group"
      tabindex="0"
      aria-label="Caption"
      data-testid="caption"
      aria-busy=${caption?.writing ? "true" : "false"}>
      ${caption?.text ? captionText(caption) : html`<p class="caption-idle">${words}</p>`}
    </div>
    <div class="caption-foot">
      <p class="figures" data-testid="caption-figures">
        ${caption && !caption.writing && caption.ms !== undefined ? `Took ${took(caption.ms)}` : nothing}
      </p>
      ${live ? interval(observer) : nothing}
      ${smallButton(
        {
          icon: common.copy,
          testId: "caption-copy",
          label: "Copy what it sees",
          title: "Copy",
          disabled: !caption?.text,
        },
        (event) => actions.copy(event, caption?.text ?? ""),
      )}
    </div>
    ${observer.hiccup ? html`<p class="model-why" role="status" data-testid="hiccup">${common.alert}<span>${observer.hiccup}</span></p>` : nothing}
  </section>`;
}

function captionText({ text, words, before }: Answer): TemplateResult {
  if (before === undefined || !words)
    return html`<p class="caption-text" data-testid="caption-text">${text}</p>`;
  if (words.length === 0) {
    return html`<p class="caption-text" data-testid="caption-text">Nothing changed.</p>
      <p class="caption-before">Still: ${text}</p>`;
  }
  return html`<p class="caption-text" data-testid="caption-text">
      ${words.map(({ text: word, fresh }) => (fresh ? html`<mark>${word}</mark> ` : html`${word} `))}
    </p>
    <p class="caption-before">Before: ${before}</p>`;
}

const watching = (observer: Observer): TemplateResult => html`<button
  type="button"
  class=${observer.watching ? "button" : "button primary"}
  data-testid="live-toggle"
  @click=${() => observer.watch(!observer.watching)}
>
  ${observer.watching ? icons.pause : icons.play} ${observer.watching ? "Pause" : "Start"}
</button>`;

const lookAgain = (observer: Observer): TemplateResult => {
  const writing = observer.busy && observer.caption?.writing === true;
  return html`<button
    type="button"
    class="button"
    data-testid=${writing ? "look-stop" : "look-again"}
    ?disabled=${!writing && (observer.busy || !observer.prompt)}
    @click=${() => (writing ? observer.stop() : void observer.look())}
  >
    ${writing ? common.stop : common.retry} ${writing ? "Stop" : observer.caption ? "Look again" : "Look"}
  </button>`;
};

const ownPrompt = (observer: Observer): TemplateResult => html`<input
  class="field own-prompt"
  type="text"
  data-testid="own-prompt"
  aria-label="Your own prompt"
  placeholder="For example: Is the door open?"
  autocomplete="off"
  enterkeyhint="done"
  .value=${observer.ownPrompt}
  @change=${(event: Event) => observer.setOwnPrompt((event.target as HTMLInputElement).value)}
/>`;

const interval = (observer: Observer): TemplateResult => html`<select
  class="field interval"
  aria-label="How often it looks"
  data-testid="interval"
  @change=${(event: Event) => observer.setInterval(Number((event.target as HTMLSelectElement).value))}
>
  ${INTERVALS.map(({ ms, name }) => html`<option value=${ms} ?selected=${ms === observer.intervalMs}>${name}</option>`)}
</select>`;
