/** The short history under the picture. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { took } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { locale } from "../kit/language.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import type { HistoryItem } from "./history.ts";
import { w } from "./words.ts";

const clock = (at: Date): string =>
  at.toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit" });

const facts = ({ asked, ms, at, times, finish }: HistoryItem): string =>
  [
    asked,
    clock(at),
    took(ms),
    times > 1 ? w.alike({ count: times }) : "",
    finish === "cancelled" ? w.stopped : "",
  ]
    .filter(Boolean)
    .join(" · ");

export function historyList(
  items: readonly HistoryItem[],
  copy: (event: Event, text: string) => void,
  forget: () => void,
): TemplateResult | typeof nothing {
  if (!items.length) return nothing;
  return html`<section class="looks" aria-labelledby="history-title">
    <header class="panel-head">
      <h2 id="history-title">${w.lately}</h2>
      <button type="button" class="text-button" data-testid="forget" @click=${forget}>${w.clear}</button>
    </header>
    <ul data-testid="looks">
      ${repeat(
        items,
        ({ key }) => key,
        (item) => html`<li class="look" data-testid="look">
          ${item.thumbnail ? html`<img src=${item.thumbnail} alt="" width="80" height="60" />` : html`<span class="look-none"></span>`}
          <div class="look-words">
            <p data-testid="look-text" dir="auto">${item.text}</p>
            <p class="look-facts">${facts(item)}</p>
          </div>
          ${smallButton(
            {
              icon: icons.copy,
              testId: "look-copy",
              label: w.copyIt({ text: item.text }),
              title: common.copy,
            },
            (event) => copy(event, item.text),
          )}
        </li>`,
      )}
    </ul>
  </section>`;
}
