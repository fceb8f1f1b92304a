/**
 * A long text that was pasted waits beside the field: in it, it would be laid out anew as one goes on typing, and
 * a text of 200 KB stops the page for a quarter of a second each time.
 */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../../kit/icons.ts";
import { smallButton } from "../../kit/small-button.ts";
import { common } from "../../kit/words/common.ts";
import { w } from "../words/chat.ts";

/** Characters of a text that is kept out of the field. */
export const LONG_TEXT = 20_000;

interface LongTextActions {
  /** Puts it into the field after all. */
  edit(): void;
  remove(): void;
}

/** "Text of 200,000 characters" */
export const longTextWords = (text: string): string => w.longText({ characters: text.length });

export function longText(text: string, { edit, remove }: LongTextActions): TemplateResult | typeof nothing {
  if (!text) return nothing;
  return html`<div class="long-text" data-testid="long-text">
    <p>
      <span class="long-text-line" dir="auto">${text.slice(0, 200)}</span>
      <small>${longTextWords(text)}</small>
    </p>
    ${smallButton({ icon: icons.rename, testId: "edit-long-text", label: w.editText, title: w.edit }, edit)}
    ${smallButton({ icon: icons.close, testId: "remove-long-text", label: w.removeText, title: common.remove }, remove)}
  </div>`;
}
