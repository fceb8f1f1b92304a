/** The picture itself, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { Reading } from "../../sdk/index.ts";
import { icons as common } from "../kit/icons.ts";
import { common as buttons } from "../kit/words/common.ts";
import { icons } from "./icons.ts";
import { readBoxes } from "./reading-panel.ts";
import type { Source } from "./source.ts";
import { waiting } from "./source-picker.ts";
import { sources, w } from "./words.ts";

export interface StageActions {
  camera(id: string): void;
  flip(): void;
  freeze(): void;
  thaw(): void;
  page(number: number): void;
  close(): void;
}

/** `reading`: what was read in it. */
export function stage(
  source: Source,
  words: string,
  reading: Reading | null,
  actions: StageActions,
): TemplateResult {
  const { kind, opening, capture, still, frozen } = source;
  const name = kind ? sources[kind] : "";
  return html`<section class="stage" aria-label=${w.picture}>
    <div
      class="stage-picture"
      data-testid="stage"
      data-kind=${kind ?? ""}
      data-frozen=${frozen}
      data-mirrored=${source.mirrored && !frozen}
    >
      ${capture ? html`<div class="stage-video" ?hidden=${frozen} data-testid="video">${capture.videoElement}</div>` : nothing}
      ${still ? html`<div class="stage-still" role="img" aria-label=${still.name} data-testid="still">${still.canvas}</div>` : nothing}
      ${still && reading ? readBoxes(reading) : nothing}
      ${
        opening
          ? html`<p class="stage-waiting">${waiting(opening)}</p>`
          : html`<p class="stage-tag" data-testid="stage-tag">
              ${capture && !frozen ? html`<span class="lamp" aria-hidden="true"></span>` : nothing}
              ${frozen ? w.frozen : capture ? words : name}
            </p>`
      }
    </div>
    <div class="stage-bar">
      ${capture && kind === "camera" ? cameras(source, actions) : nothing}
      ${source.pdf ? pages(source, actions) : nothing}
      ${kind === "picture" && still ? html`<p class="stage-name">${still.name}</p>` : nothing}
      <span class="stage-space"></span>
      ${capture ? freezing(frozen, actions) : nothing}
      <button type="button" class="button" data-testid="vision-close" @click=${() => actions.close()}>
        ${capture ? common.stop : common.close} ${capture ? (kind === "camera" ? w.switchOff : w.stopSharing) : buttons.close}
      </button>
    </div>
  </section>`;
}

/** One button, so that the keyboard stays where it is. */
const freezing = (frozen: boolean, actions: StageActions): TemplateResult => html`<button
  type="button"
  class=${frozen ? "button primary" : "button"}
  data-testid=${frozen ? "thaw" : "freeze"}
  @click=${() => (frozen ? actions.thaw() : actions.freeze())}
>
  ${frozen ? icons.play : icons.freeze} ${frozen ? w.thaw : w.freeze}
</button>`;

function cameras({ cameras, deviceId }: Source, actions: StageActions): TemplateResult | typeof nothing {
  if (cameras.length < 2) return nothing;
  return html`<select
      class="field camera-choice"
      aria-label=${w.camera}
      data-testid="camera-choice"
      @change=${(event: Event) => actions.camera((event.target as HTMLSelectElement).value)}
    >
      ${cameras.map(({ id, label }) => html`<option value=${id} ?selected=${id === deviceId}>${label}</option>`)}
    </select>
    <button
      type="button"
      class="icon-button"
      data-testid="camera-flip"
      aria-label=${w.otherCamera}
      title=${w.otherCamera}
      @click=${() => actions.flip()}
    >
      ${icons.flip}
    </button>`;
}

function pages({ pdf, page, opening }: Source, actions: StageActions): TemplateResult | typeof nothing {
  if (!pdf) return nothing;
  const step = (by: number, name: string, test: string, way: string) => html`<button
    type="button"
    class="icon-button ${way}"
    data-testid=${test}
    aria-label=${name}
    title=${name}
    ?disabled=${opening !== null || page + by < 1 || page + by > pdf.pages}
    @click=${() => actions.page(page + by)}
  >
    ${icons.before}
  </button>`;
  return html`<div class="pages" role="group" aria-label=${w.page}>
    ${step(-1, w.pageBefore, "pdf-before", "")}
    <label
      >${w.page}
      <input
        class="field page-field"
        type="number"
        inputmode="numeric"
        min="1"
        max=${pdf.pages}
        data-testid="pdf-page"
        .value=${String(page)}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const wanted = Math.round(field.valueAsNumber);
          if (wanted >= 1 && wanted <= pdf.pages) actions.page(wanted);
          else field.value = String(page);
        }}
      />
      ${w.ofPages({ pages: pdf.pages })}</label
    >
    ${step(1, w.nextPage, "pdf-next", "turned")}
  </div>`;
}
