/** What the person should know: notices that can be put away for good, and the offer of a new version. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { read, write } from "../kit/storage.ts";

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
      <p>${notice}</p>
      ${smallButton({ icon: icons.close, testId: "notice-dismiss", label: "Dismiss" }, () => dismiss(notice))}
    </div>`,
  )}`;
}

export function updateOffer(offered: boolean, reload: () => void): TemplateResult | typeof nothing {
  if (!offered) return nothing;
  return html`<div class="banner offer" role="status" data-testid="update-offer">
    <p>A new version of Alcove is ready.</p>
    <button type="button" class="button primary" data-testid="update-reload" @click=${reload}>Reload</button>
  </div>`;
}
