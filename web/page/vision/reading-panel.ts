/** What stands in the picture, as text; and where it stands, over the picture. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { Reading } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { took } from "../kit/format.ts";
import { icons as common } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { common as say } from "../kit/words/common.ts";
import { icons } from "./icons.ts";
import type { PictureReading } from "./reading.ts";
import { w } from "./reading-words.ts";

interface ReadingActions {
  copy(event: Event, text: string): void;
  /** Takes it to a conversation. */
  ask(text: string): void;
}

/** `status` says what the reader is doing; "" while it rests. */
export const readingPanel = (
  state: PictureReading,
  status: string,
  actions: ReadingActions,
): TemplateResult => html`<section class="panel" aria-labelledby="reading-title">
  <header class="panel-head">
    <h2 id="reading-title">${w.title}</h2>
    <button
      type="button"
      class="button"
      data-testid=${state.busy ? "read-stop" : "read"}
      @click=${() => (state.busy ? state.stop() : void state.read())}
    >
      ${state.busy ? common.stop : icons.read} ${state.busy ? say.stop : state.reading ? w.again : w.read}
    </button>
  </header>
  ${state.failure ? failureLine(state.failure, "read-failure") : body(state, status)}
  ${state.reading?.text ? foot(state.reading, actions) : nothing}
</section>`;

function body({ busy, reading }: PictureReading, status: string): TemplateResult {
  if (busy) return html`<p class="note" role="status" data-testid="read-status">${status || w.reading}</p>`;
  if (!reading) return html`<p class="note">${w.hint}</p>`;
  if (!reading.text) return html`<p class="note" role="status" data-testid="read-none">${w.none}</p>`;
  return html`<div
    class="read-text"
    role="group"
    tabindex="0"
    aria-label=${w.title}
    data-testid="read-text"
    dir="auto"
    >${reading.text}</div
  >`;
}

function foot({ text, lines, ms }: Reading & { ms: number }, { copy, ask }: ReadingActions): TemplateResult {
  return html`<div class="caption-foot">
    <p class="figures">${w.lines({ count: lines.length, time: took(ms) })}</p>
    <button type="button" class="button" data-testid="read-ask" @click=${() => ask(text)}>${w.ask}</button>
    ${smallButton({ icon: common.copy, testId: "read-copy", label: w.copy, title: say.copy }, (event) =>
      copy(event, text),
    )}
  </div>`;
}

/** Where the lines stand, as a layer over a picture that is fitted into its place. */
export const readBoxes = ({ lines, width, height }: Reading): TemplateResult => html`<svg
  class="stage-boxes"
  viewBox="0 0 ${width} ${height}"
  aria-hidden="true"
  data-testid="read-boxes"
>
  ${lines.map(
    ({ text, box }) =>
      svg`<rect x=${box.x} y=${box.y} width=${box.width} height=${box.height}><title>${text}</title></rect>`,
  )}
</svg>`;

/** What a conversation is told of the picture, before the person's question. */
export function aboutPicture(text: string, seen: string | undefined): string {
  const told = seen ? [`A vision model says of a picture: ${seen}`] : [];
  return [...told, `This is written in the picture:\n"""\n${text}\n"""`, ""].join("\n\n");
}
