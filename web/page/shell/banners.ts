/** What the person should know: notices that can be put away for good, and the offer of a new version. */
import { html, nothing, type TemplateResult } from "lit";
import type { Crash, ErrorData } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { read, write } from "../kit/storage.ts";
import { told } from "../kit/told.ts";
import { common } from "../kit/words/common.ts";
import { w as failure } from "../kit/words/failure.ts";
import { w } from "./words.ts";

const DISMISSED = "alcove.notices";

const dismissed = new Set((read("local", DISMISSED) ?? "").split("\n").filter(Boolean));

/** The notices that this person has not put away yet. */
export const unread = (notices: readonly string[]): string[] =>
  notices.filter((notice) => !dismissed.has(notice));

export function dismissNotice(notice: string): void {
  dismissed.add(notice);
  write("local", DISMISSED, [...dismissed].join("\n"));
}

export function noticeList(notices: readonly string[], dismiss: (notice: string) => void): TemplateResult {
  return html`${notices.map(
    (notice) => html`<div class="banner" role="status" data-testid="notice">
      <p>${told(notice)}</p>
      ${smallButton({ icon: icons.close, testId: "notice-dismiss", label: failure.dismiss }, () => dismiss(notice))}
    </div>`,
  )}`;
}

/** What is not kept at the moment; it stays until it is. `save` gives it to the person. */
export const troubleNotice = (
  { message, action }: Pick<ErrorData, "message" | "action">,
  save?: () => void,
): TemplateResult => html`<div class="banner offer" role="alert" data-testid="not-kept">
  <p>${told(message)} ${told(action)}</p>
  ${save ? html`<button type="button" class="button" data-testid="not-kept-export" @click=${save}>${w.export}</button>` : nothing}
</div>`;

/** Says which model is not loaded by itself any more, and offers what can be done. */
export function crashOffer(
  { model, smaller }: Crash,
  use: (model: string) => void,
  dismiss: () => void,
): TemplateResult {
  return html`<div class="banner offer" role="alert" data-testid="crash-offer">
    <p>
      ${w.crashed({ model: model.name })}
    </p>
    ${
      smaller && !model.sees
        ? html`<button
            type="button"
            class="button primary"
            data-testid="crash-smaller"
            @click=${() => use(smaller.id)}
          >
            ${w.use({ model: smaller.name })}
          </button>`
        : nothing
    }
    <button type="button" class="button" data-testid="crash-again" @click=${() => use(model.id)}>${common.again}</button>
    ${smallButton({ icon: icons.close, testId: "crash-dismiss", label: failure.dismiss }, dismiss)}
  </div>`;
}

/** An offer that a reload of the page takes. */
export function reloadOffer(
  id: string,
  words: string,
  take: () => void,
  taken = false,
): TemplateResult | typeof nothing {
  if (!words) return nothing;
  return html`<div class="banner offer" role="status" data-testid="${id}-offer">
    <p>${words}</p>
    <button type="button" class="button primary" data-testid="${id}-reload" ?disabled=${taken} @click=${take}>
      ${taken ? w.reloading : w.reload}
    </button>
  </div>`;
}
