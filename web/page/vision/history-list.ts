/** The short history under the picture. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { took } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import type { Look } from "./history.ts";

const clock = (at: Date): string =>
  at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

const facts = ({ asked, ms, at, times, finish }: Look): string =>
  [
    asked,
    clock(at),
    took(ms),
    times > 1 ? `${times} frames alike` : "",
    finish === "cancelled" ? "stopped" : "",
  ]
    .filter(Boolean)
    .join(" · ");

export function historyList(
  looks: readonly Look[],
  copy: (event: Event, text: string) => void,
  forget: () => void,
): TemplateResult | typeof nothing {
  if (!looks.length) return nothing;
  return html`<section class="looks" aria-labelledby="looks-title">
    <header class="panel-head">
      <h2 id="looks-title">Seen lately</h2>
      <button type="button" class="text-button" data-testid="forget" @click=${forget}>Clear</button>
    </header>
    <ul data-testid="looks">
      ${repeat(
        looks,
        ({ key }) => key,
        (look) => html`<li class="look" data-testid="look">
          ${look.thumbnail ? html`<img src=${look.thumbnail} alt="" width="80" height="60" />` : html`<span class="look-none"></span>`}
          <div class="look-words">
            <p data-testid="look-text">${look.text}</p>
            <p class="look-facts">${facts(look)}</p>
          </div>
          <button
            type="button"
            class="icon-button small"
            data-testid="look-copy"
            aria-label="Copy: ${look.text}"
            title="Copy"
            @click=${(event: Event) => copy(event, look.text)}
          >
            ${icons.copy}
          </button>
        </li>`,
      )}
    </ul>
  </section>`;
}
