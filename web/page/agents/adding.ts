/** Where an agent comes in: as a file, a folder, an address, or its text. */
import { html, nothing, type TemplateResult } from "lit";
import type { BundleSource } from "../../sdk/index.ts";
import { takeChosen } from "../kit/chosen-files.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { common } from "../kit/words/common.ts";
import { w } from "./words.ts";

interface Adding {
  busy: boolean;
  failure: Failure | undefined;
  /** Whether it was added. */
  add(source: BundleSource): Promise<boolean>;
  stop(): void;
}

/** What a new agent begins with. */
const template = (): string => `---
bundle:
  name: ${JSON.stringify(w.newName)}
  description: ${JSON.stringify(w.newAbout)}
tools:
  - module: tool-alcove-clock
---

${w.newInstruction}
`;

export const adding = ({ busy, failure, add, stop }: Adding): TemplateResult => html`<section
  class="agents-add"
  aria-labelledby="agents-adding"
>
  <h2 id="agents-adding">${w.add}</h2>
  <p class="note">${w.aboutAdding}</p>
  ${
    busy
      ? html`<p class="note" role="status" data-testid="agents-adding-now">${w.adding}
          <button type="button" class="button" @click=${stop}>${common.stop}</button>
        </p>`
      : nothing
  }
  <div ?hidden=${busy}>
    <div class="storage-buttons">
      <button type="button" class="button primary" data-testid="agents-new" @click=${() => void add(template())}>
        ${icons.plus} ${w.new}
      </button>
      <label class="button file-button">
        ${w.chooseFile}
        <input type="file" accept=".md,.yaml,.yml,.zip" data-testid="agents-file"
          @change=${(event: Event) => chosen(takeChosen(event)[0], add)} />
      </label>
      <label class="button file-button">
        ${w.chooseFolder}
        <input type="file" webkitdirectory data-testid="agents-folder"
          @change=${(event: Event) => chosen(takeChosen(event), add)} />
      </label>
    </div>
    <form class="agents-paste" @submit=${(event: SubmitEvent) => void pasted(event, add)}>
      <label for="agents-text">${w.paste}</label>
      <textarea id="agents-text" class="field" rows="3" name="text" required data-testid="agents-text"
        placeholder=${w.pasteHint} dir="auto" spellcheck="false"></textarea>
      <button type="submit" class="button" data-testid="agents-paste">${common.add}</button>
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
