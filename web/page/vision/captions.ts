/** What it sees: the prompt that is asked of every frame, and the newest answer. */
import { html, nothing, type TemplateResult } from "lit";
import { took } from "../kit/format.ts";
import { icons as common } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { common as buttons } from "../kit/words/common.ts";
import { icons } from "./icons.ts";
import type { Answer, Observer } from "./observer.ts";
import { INTERVALS, PRESETS } from "./presets.ts";
import { presets, w } from "./words.ts";

interface CaptionActions {
  copy(event: Event, text: string): void;
}

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
      <h2 id="captions-title">${live ? w.captions : w.sees}</h2>
      ${live ? watching(observer) : lookAgain(observer)}
    </header>
    <fieldset class="chips">
      <legend class="visually-hidden">${live ? w.askOfFrames : w.askOfPicture}</legend>
      ${PRESETS.map(
        (each) => html`<label class="chip"
          ><input
            type="radio"
            name="preset"
            value=${each.id}
            data-testid="preset-${each.id}"
            .checked=${each.id === preset.id}
            @change=${() => observer.setPreset(each)}
          />${presets[each.id]}</label
        >`,
      )}
    </fieldset>
    ${preset.id === "own" ? ownPrompt(observer) : nothing}
    ${preset.compares ? html`<p class="note" data-testid="how-compared">${w.compared}</p>` : nothing}
    <div
      class="caption"
      role="group"
      tabindex="0"
      aria-label=${w.caption}
      dir="auto"
      data-testid="caption"
      aria-busy=${caption?.writing ? "true" : "false"}>
      ${caption?.text ? captionText(caption) : html`<p class="caption-idle">${words}</p>`}
    </div>
    <div class="caption-foot">
      <p class="figures" data-testid="caption-figures">
        ${caption && !caption.writing && caption.ms !== undefined ? w.took({ time: took(caption.ms) }) : nothing}
      </p>
      ${live ? interval(observer) : nothing}
      ${smallButton(
        {
          icon: common.copy,
          testId: "caption-copy",
          label: w.copySeen,
          title: buttons.copy,
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
    return html`<p class="caption-text" data-testid="caption-text">${w.unchanged}</p>
      <p class="caption-before">${w.still({ text })}</p>`;
  }
  return html`<p class="caption-text" data-testid="caption-text">
      ${words.map(({ text: word, fresh }) => (fresh ? html`<mark>${word}</mark> ` : html`${word} `))}
    </p>
    <p class="caption-before">${w.before({ text: before })}</p>`;
}

const watching = (observer: Observer): TemplateResult => html`<button
  type="button"
  class=${observer.watching ? "button" : "button primary"}
  data-testid="live-toggle"
  @click=${() => observer.watch(!observer.watching)}
>
  ${observer.watching ? icons.pause : icons.play} ${observer.watching ? w.pause : w.start}
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
    ${writing ? common.stop : common.retry} ${writing ? buttons.stop : observer.caption ? w.lookAgain : w.look}
  </button>`;
};

const ownPrompt = (observer: Observer): TemplateResult => html`<input
  class="field own-prompt"
  type="text"
  data-testid="own-prompt"
  aria-label=${w.ownPrompt}
  dir="auto"
  placeholder=${w.ownPromptHint}
  autocomplete="off"
  enterkeyhint="done"
  .value=${observer.ownPrompt}
  @change=${(event: Event) => observer.setOwnPrompt((event.target as HTMLInputElement).value)}
/>`;

function intervalWords(ms: number): string {
  if (ms === 0) return w.everyFrame;
  return ms === 1000 ? w.everySecond : w.everySeconds({ seconds: ms / 1000 });
}

const interval = (observer: Observer): TemplateResult => html`<select
  class="field interval"
  aria-label=${w.interval}
  data-testid="interval"
  @change=${(event: Event) => observer.setInterval(Number((event.target as HTMLSelectElement).value))}
>
  ${INTERVALS.map((ms) => html`<option value=${ms} ?selected=${ms === observer.intervalMs}>${intervalWords(ms)}</option>`)}
</select>`;
