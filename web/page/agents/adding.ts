/** Where an agent comes in: as a file, a folder, an address, or its text. */
import { html, nothing, type TemplateResult } from "lit";
import type { BundleSource } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";

interface Adding {
  busy: boolean;
  failure: Failure | undefined;
  add(source: BundleSource): void;
  stop(): void;
}

/** What a new agent begins with. */
const TEMPLATE = `---
bundle:
  name: My agent
  description: What it is for.
tools:
  - module: tool-alcove-clock
---

You are a helpful assistant. Say here what it is to do, and how.
`;

export const adding = ({ busy, failure, add, stop }: Adding): TemplateResult => html`<section
  class="agents-add"
  aria-labelledby="agents-adding"
>
  <h2 id="agents-adding">Add an agent</h2>
  <p class="note">
    A bundle as Amplifier has them: a markdown or YAML file, a folder, or a zip with the repositories that it names. Code
    that it brings runs in this tab, with what Python may do here: add only what you trust. Its tools ask you first.
  </p>
  ${
    busy
      ? html`<p class="note" role="status" data-testid="agents-adding-now">Reading it, and trying its modules…
          <button type="button" class="button" @click=${stop}>Stop</button>
        </p>`
      : html`<div class="storage-buttons">
            <button type="button" class="button primary" data-testid="agents-new" @click=${() => add(TEMPLATE)}>
              ${icons.plus} New agent
            </button>
            <label class="button file-button">
              Choose a file
              <input type="file" accept=".md,.yaml,.yml,.zip" data-testid="agents-file" @change=${(event: Event) => takeChosen(event).slice(0, 1).forEach(add)} />
            </label>
            <label class="button file-button">
              Choose a folder
              <input type="file" webkitdirectory data-testid="agents-folder" @change=${(event: Event) => chosen(takeChosen(event), add)} />
            </label>
          </div>
          <form class="agents-paste" @submit=${(event: SubmitEvent) => pasted(event, add)}>
            <label for="agents-text">Or its address, or its text</label>
            <textarea id="agents-text" class="field" rows="3" name="text" required data-testid="agents-text"
              placeholder="https://… or the bundle itself" spellcheck="false"></textarea>
            <button type="submit" class="button" data-testid="agents-paste">Add</button>
          </form>`
  }
  ${failure ? failureLine(failure, "agents-add-failure") : nothing}
</section>`;

/** A folder that was left, or that is empty, brings nothing. */
function chosen(files: File[], add: (source: BundleSource) => void): void {
  if (files.length) add(files);
}

function pasted(event: SubmitEvent, add: (source: BundleSource) => void): void {
  event.preventDefault();
  const text = new FormData(event.target as HTMLFormElement).get("text");
  if (typeof text === "string" && text.trim()) add(text);
}
