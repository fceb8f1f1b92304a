/** What can be looked at: the welcome before anything is, and the row to change it after. */
import { html, nothing, type TemplateResult } from "lit";
import { takeChosen } from "../kit/chosen-files.ts";
import { opening as beginning } from "../kit/opening.ts";
import { icons } from "./icons.ts";
import type { Kind } from "./source.ts";
import { aboutSources, sources, w } from "./words.ts";

interface SourceOption {
  icon: TemplateResult;
  /** What a file chooser offers; a source without it is asked of the browser. */
  accept?: string;
}

const SOURCES: Readonly<Record<Kind, SourceOption>> = {
  camera: { icon: icons.camera },
  screen: { icon: icons.screen },
  picture: { icon: icons.picture, accept: "image/*" },
  pdf: { icon: icons.pdf, accept: "application/pdf,.pdf" },
};

const KINDS = Object.keys(SOURCES) as Kind[];

export interface SourceActions {
  open(kind: Kind): void;
  file(file: File): void;
}

const take = (event: Event, { file }: SourceActions): void => {
  const [chosen] = takeChosen(event);
  if (chosen) file(chosen);
};

/** A button, or a label over a file chooser; `inside` is what is written on it. */
function opener(
  kind: Kind,
  style: string,
  pressed: boolean | null,
  actions: SourceActions,
  inside: TemplateResult,
) {
  const { accept } = SOURCES[kind];
  const name = sources[kind];
  if (accept) {
    return html`<label class="${style} file-button" data-pressed=${pressed ?? false}>
      ${inside}
      <input
        type="file"
        aria-label=${pressed === null ? name : w.another({ source: name })}
        accept=${accept}
        data-testid="source-${kind}"
        @change=${(event: Event) => take(event, actions)}
      />
    </label>`;
  }
  return html`<button
    type="button"
    class=${style}
    data-testid="source-${kind}"
    data-pressed=${pressed ?? false}
    aria-pressed=${pressed === null ? nothing : String(pressed)}
    @click=${() => actions.open(kind)}
  >
    ${inside}
  </button>`;
}

/** Before anything is looked at; `opening` is what the browser is being asked for. */
export function welcome(opening: Kind | null, model: TemplateResult, actions: SourceActions): TemplateResult {
  return beginning(
    "vision-welcome",
    w.what,
    w.about,
    html`<ul class="sources" aria-label=${w.sources}>
      ${KINDS.map((kind) => {
        const { icon } = SOURCES[kind];
        const inside = html`<span class="source-icon">${icon}</span
          ><span class="source-names"
            ><span class="source-name">${sources[kind]}</span
            ><span class="source-words">${opening === kind ? waiting(kind) : aboutSources[kind]}</span></span
          >`;
        return html`<li>${opener(kind, "source", null, actions, inside)}</li>`;
      })}
    </ul>
    ${model}`,
  );
}

export const waiting = (kind: Kind): string => (kind === "camera" || kind === "screen" ? w.asks : w.opening);

/** The same in one row, while something is looked at. */
export const sourceRow = (open: Kind | null, actions: SourceActions): TemplateResult => html`<div
  class="source-row"
  role="group"
  aria-label=${w.lookAt}
>
  ${KINDS.map((kind) =>
    opener(kind, "chip", kind === open, actions, html`${SOURCES[kind].icon}<span>${sources[kind]}</span>`),
  )}
</div>`;
