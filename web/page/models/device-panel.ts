import { html, nothing, type TemplateResult } from "lit";
import type { Capabilities, Choice } from "../../sdk/index.ts";
import { running } from "../kit/models/words.ts";
import { deviceFacts } from "./device-words.ts";

/** What this device can do, and what that means for the open conversation. */
export function devicePanel(capabilities: Capabilities, choice: Choice | null): TemplateResult {
  return html`
    ${
      choice
        ? html`<div class="device-now" data-testid="device-now">
            <h3>${choice.name}</h3>
            <p>${running(choice)}</p>
          </div>`
        : nothing
    }
    <dl class="device-facts" data-testid="device-facts">
      ${deviceFacts(capabilities).map(
        ([question, answer]) => html`<div>
          <dt>${question}</dt>
          <dd>${answer}</dd>
        </div>`,
      )}
    </dl>
  `;
}
