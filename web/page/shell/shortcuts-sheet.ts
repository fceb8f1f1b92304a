/** The list of keys. */
import { html, type TemplateResult } from "lit";
import { Sheet } from "../kit/sheet.ts";
import { choices } from "../state/choices.ts";
import { w } from "./palette-words.ts";
import { shortcuts } from "./shortcuts.ts";
import { TABS } from "./tabs.ts";

class ShortcutsSheet extends Sheet {
  protected readonly name = "shortcuts";
  protected readonly testId = "shortcuts-sheet";
  protected get heading(): string {
    return w.keys;
  }

  protected override content(): TemplateResult {
    return html`<div class="sheet-page shortcuts">
      ${shortcuts(TABS, choices.get("send")).map(
        ({ where, list }) => html`<section>
          <h3>${where}</h3>
          <dl>
            ${list.map(
              ({ keys, does }) => html`<div>
                <dt>${does}</dt>
                <dd>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dd>
              </div>`,
            )}
          </dl>
        </section>`,
      )}
    </div>`;
  }
}

customElements.define("shortcuts-sheet", ShortcutsSheet);
