import { html, nothing, type TemplateResult } from "lit";
import type { Choice, Status } from "../../sdk/index.ts";
import { bytesOf, percent, speed } from "./format.ts";
import { running } from "./models/words.ts";
import { told } from "./told.ts";

/** How far along it is, in words; empty when that is not known. */
export function amount({ fraction, loaded, total }: Status): string {
  const parts = [];
  if (fraction !== undefined) parts.push(percent(fraction));
  if (loaded !== undefined && total) parts.push(bytesOf(loaded, total));
  return parts.join(" · ");
}

/** "Downloading SmolLM2 · 42 % · 41 of 98 MB" */
export const statusWords = (status: Status): string =>
  [told(status.text), amount(status)].filter(Boolean).join(" · ");

/** What Alcove is doing, how far it is, how fast it answers, what answers and why, what works offline, and `more`. */
export function statusLine(
  status: Status,
  offline: string,
  choice: Choice | null,
  more: readonly TemplateResult[] = [],
): TemplateResult {
  const { phase, text, fraction, tokensPerSecond } = status;
  const working = ["booting", "downloading", "loading", "recovering"].includes(phase);
  const details = [amount(status), tokensPerSecond === undefined ? "" : speed(tokensPerSecond)];
  return html`<div class="status-bar" data-phase=${phase}>
    ${
      working
        ? html`<progress
            data-testid="progress"
            aria-label=${told(text)}
            max="1"
            .value=${fraction ?? 0}
            ?data-unknown=${fraction === undefined}
          ></progress>`
        : nothing
    }
    <p class="status-line" data-testid="status-line">
      <span class="lamp" aria-hidden="true"></span>
      <span class="status-words">
        <span>${told(text)}</span>
        ${details.filter(Boolean).map((detail) => html`<span class="detail">${detail}</span>`)}
      </span>
    </p>
    <p class="offline-status"><span data-testid="offline-status">${offline}</span>${more}</p>
    <p class="engine-line" data-testid="engine-line">${choice ? running(choice) : nothing}</p>
  </div>`;
}
