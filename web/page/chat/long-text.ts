/**
 * A long text that was pasted waits beside the field: in it, it would be laid out anew as one goes on typing, and
 * a text of 200 KB stops the page for a quarter of a second each time.
 */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";

/** Characters of a text that is kept out of the field. */
export const LONG_TEXT = 20_000;

interface LongTextActions {
  /** Puts it into the field after all. */
  edit(): void;
  remove(): void;
}

/** "Text of 200,000 characters" */
export const longTextWords = (text: string): string =>
  `Text of ${text.length.toLocaleString("en")} characters`;

export function longText(text: string, { edit, remove }: LongTextActions): TemplateResult | typeof nothing {
  if (!text) return nothing;
  return html`<div class="long-text" data-testid="long-text">
    <p>
      <span class="long-text-line">${text.slice(0, 200)}</span>
      <small>${longTextWords(text)}</small>
    </p>
    ${smallButton({ icon: icons.rename, testId: "edit-long-text", label: "Edit the text", title: "Edit" }, edit)}
    ${smallButton({ icon: icons.close, testId: "remove-long-text", label: "Remove the text", title: "Remove" }, remove)}
  </div>`;
}
