/** Modules of Amplifier that are added to Python as wheels: brought, listed, taken away. */
import { html, nothing, type TemplateResult } from "lit";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { common } from "../kit/words/common.ts";
import type { Wheel } from "./agent-store.ts";
import { w } from "./words.ts";

interface Adding {
  wheels: readonly Wheel[];
  /** What the last ones brought, a sentence each. */
  brought: readonly string[];
  busy: boolean;
  failure: Failure | undefined;
  install(files: readonly File[]): void;
  uninstall(name: string): void;
}

export const addingPython = (adding: Adding): TemplateResult => html`<section
  class="agents-add"
  aria-labelledby="agents-python"
>
  <h2 id="agents-python">${w.addPython}</h2>
  <p class="note">${w.aboutPython}</p>
  <div class="storage-buttons">
    <label class="button file-button">
      ${adding.busy ? w.installing : w.chooseWheels}
      <input type="file" multiple accept=".whl" data-testid="agents-wheels" ?disabled=${adding.busy}
        @change=${(event: Event) => chosen(takeChosen(event), adding)} />
    </label>
  </div>
  <div role="status" data-testid="agents-brought">
    ${adding.brought.map((sentence) => html`<p class="note">${sentence}</p>`)}
  </div>
  ${adding.wheels.length ? list(adding) : nothing}
  ${adding.failure ? failureLine(adding.failure, "agents-python-failure") : nothing}
</section>`;

const list = ({ wheels, busy, uninstall }: Adding): TemplateResult => html`<ul class="agents-wheels">
  ${wheels.map(
    ({ name }) => html`<li data-testid="agents-wheel">
      <span>${name}</span>
      <button type="button" class="icon-button" aria-label=${common.removeIt({ name })} title=${common.remove} ?disabled=${busy}
        data-testid="agents-wheel-remove" @click=${() => uninstall(name)}>
        ${icons.trash}
      </button>
    </li>`,
  )}
</ul>`;

/** A choice that was left brings nothing. */
function chosen(files: File[], { install }: Adding): void {
  if (files.length) install(files);
}
