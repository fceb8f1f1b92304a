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
  /** Whether it was added. */
  add(source: BundleSource): Promise<boolean>;
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
    that it brings runs in this tab, with what Python may do here: add only what you trust. Its tools ask you first, unless
    they say that they only read.
  </p>
  ${
    busy
      ? html`<p class="note" role="status" data-testid="agents-adding-now">Reading it, and trying its modules…
          <button type="button" class="button" @click=${stop}>Stop</button>
        </p>`
      : nothing
  }
  <div ?hidden=${busy}>
    <div class="storage-buttons">
      <button type="button" class="button primary" data-testid="agents-new" @click=${() => void add(TEMPLATE)}>
        ${icons.plus} New agent
      </button>
      <label class="button file-button">
        Choose a file
        <input type="file" accept=".md,.yaml,.yml,.zip" data-testid="agents-file"
          @change=${(event: Event) => chosen(takeChosen(event)[0], add)} />
      </label>
      <label class="button file-button">
        Choose a folder
        <input type="file" webkitdirectory data-testid="agents-folder"
          @change=${(event: Event) => chosen(takeChosen(event), add)} />
      </label>
    </div>
    <form class="agents-paste" @submit=${(event: SubmitEvent) => void pasted(event, add)}>
      <label for="agents-text">Or its address, or its text</label>
      <textarea id="agents-text" class="field" rows="3" name="text" required data-testid="agents-text"
        placeholder="https://… or the bundle itself" spellcheck="false"></textarea>
      <button type="submit" class="button" data-testid="agents-paste">Add</button>
    </form>
  </div>
  ${failure ? failureLine(failure, "agents-add-failure") : nothing}
</section>`;

/** A choice that was left, or an empty folder, brings nothing. */
function chosen(source: File | File[] | undefined, add: Adding["add"]): void {
  if (source instanceof File || source?.length) void add(source);
}

/** What was not taken stays, to be corrected. */
async function pasted(event: SubmitEvent, add: Adding["add"]): Promise<void> {
  event.preventDefault();
  const form = event.target as HTMLFormElement;
  const text = new FormData(form).get("text");
  if (typeof text === "string" && text.trim() && (await add(text))) form.reset();
}
