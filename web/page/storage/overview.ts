/** How much lies here, of what, and whether the browser keeps it. */
import { html, nothing, svg, type TemplateResult } from "lit";
import type { StorageKind, StorageReport } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { KINDS, kindNames, kindWords, roomWords, w, weight } from "./words.ts";

interface Keeping {
  /** The browser was asked and would not promise. */
  refused: boolean;
  failure: Failure | undefined;
  keep(): void;
}

export function overview(report: StorageReport, keeping: Keeping): TemplateResult {
  const { kinds, usage, quota } = report;
  const shown = KINDS.filter((kind) => kinds[kind].bytes > 0);
  const sum = shown.reduce((total, kind) => total + kinds[kind].bytes, 0);
  return html`<section class="storage-overview" aria-labelledby="storage-sum">
    <h2 id="storage-sum" tabindex="-1">${w.onDevice({ size: html`<strong data-testid="storage-sum">${weight(sum)}</strong>` })}</h2>
    <p class="note" data-testid="storage-room">${roomWords(usage, quota)}</p>
    ${bar(shown.map((kind) => [kind, kinds[kind].bytes]))}
    <dl class="storage-kinds" data-testid="storage-kinds">
      ${shown.map(
        (kind) => html`<div data-kind=${kind}>
          <dt><span class="storage-dot" aria-hidden="true"></span>${kindNames[kind]}</dt>
          <dd><strong>${weight(kinds[kind].bytes)}</strong> <span>${kindWords[kind]}</span></dd>
        </div>`,
      )}
    </dl>
    ${kept(report.persisted, keeping)}
  </section>`;
}

/** Width of the narrowest piece, in hundredths of the bar. */
const LEAST = 0.75;
const GAP = 0.25;

/** A drawing: the page's policy lets no element carry its own style. */
function bar(parts: readonly (readonly [StorageKind, number])[]): TemplateResult {
  const whole = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
  const widths = parts.map(([, bytes]) => Math.max(LEAST, (bytes / whole) * 100));
  const length = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  let x = 0;
  return html`<svg
    class="storage-bar"
    viewBox="0 0 ${length} 1"
    preserveAspectRatio="none"
    aria-hidden="true"
    focusable="false"
  >
    ${parts.map(([kind], i) => {
      const at = x;
      const width = widths[i] as number;
      x += width + GAP;
      return svg`<rect data-kind=${kind} x=${at} y="0" width=${width} height="1" />`;
    })}
  </svg>`;
}

function kept(persisted: boolean, { refused, failure, keep }: Keeping): TemplateResult {
  if (persisted) {
    return html`<p class="note" data-testid="storage-kept">${w.kept}</p>`;
  }
  return html`<div class="storage-keep" data-testid="storage-keep-offer">
    <p>
      ${w.notKept}
      ${refused ? w.refused : nothing}
    </p>
    <button type="button" class="button" data-testid="storage-keep" @click=${keep}>
      ${refused ? w.askAgain : w.keepIt}
    </button>
    ${failure ? failureLine(failure, "storage-keep-failure") : nothing}
  </div>`;
}
