/** What can be looked at: the welcome before anything is, and the row to change it after. */
import { html, nothing, type TemplateResult } from "lit";
import { takeChosen } from "../kit/chosen-files.ts";
import { opening as beginning } from "../kit/opening.ts";
import { icons } from "./icons.ts";
import type { Kind } from "./source.ts";

interface SourceOption {
  name: string;
  words: string;
  icon: TemplateResult;
  /** What a file chooser offers; a source without it is asked of the browser. */
  accept?: string;
}

export const SOURCES: Readonly<Record<Kind, SourceOption>> = {
  camera: { name: "Camera", words: "Live captions of what it sees", icon: icons.camera },
  screen: { name: "Screen", words: "A window, a tab or all of it", icon: icons.screen },
  picture: { name: "Picture", words: "A file; or paste or drop one", icon: icons.picture, accept: "image/*" },
  pdf: { name: "PDF", words: "A page of it, as a picture", icon: icons.pdf, accept: "application/pdf,.pdf" },
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
  const { accept, name } = SOURCES[kind];
  if (accept) {
    return html`<label class="${style} file-button" data-pressed=${pressed ?? false}>
      ${inside}
      <input
        type="file"
        aria-label=${pressed === null ? name : `Another ${name}`}
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
    "What shall we look at?",
    html`A vision model looks at it right here in this tab, and tells you in words what it sees. No picture leaves this
      device unless you send it yourself, and nothing is switched on before you choose.`,
    html`<ul class="sources" aria-label="Sources">
      ${KINDS.map((kind) => {
        const { name, words, icon } = SOURCES[kind];
        const inside = html`<span class="source-icon">${icon}</span
          ><span class="source-names"
            ><span class="source-name">${name}</span
            ><span class="source-words">${opening === kind ? waiting(kind) : words}</span></span
          >`;
        return html`<li>${opener(kind, "source", null, actions, inside)}</li>`;
      })}
    </ul>
    ${model}`,
  );
}

export const waiting = (kind: Kind): string =>
  kind === "camera" || kind === "screen" ? "Your browser asks you…" : "Opening…";

/** The same in one row, while something is looked at. */
export const sourceRow = (open: Kind | null, actions: SourceActions): TemplateResult => html`<div
  class="source-row"
  role="group"
  aria-label="Look at"
>
  ${KINDS.map((kind) =>
    opener(
      kind,
      "chip",
      kind === open,
      actions,
      html`${SOURCES[kind].icon}<span>${SOURCES[kind].name}</span>`,
    ),
  )}
</div>`;
