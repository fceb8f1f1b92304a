/** Files that are on their way in, and those that could not be read. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import type { Coming, Refused, Shelf } from "./shelf.ts";
import { w } from "./words.ts";

/** Of many files the first ones are named. */
const SHOWN = 5;

export function coming(shelf: Shelf): TemplateResult {
  const { coming: files, refused, already } = shelf;
  return html`${files.length ? onTheWay(files, () => shelf.stopAll()) : nothing}
    ${refused.length || already ? notTaken(shelf) : nothing}`;
}

function onTheWay(files: readonly Coming[], stopAll: () => void): TemplateResult {
  const more = files.length - SHOWN;
  return html`<section aria-label=${w.coming} data-testid="documents-coming">
    <ul class="documents">
      ${files.slice(0, SHOWN).map((file) => row(file))}
    </ul>
    <div class="documents-head">
      <span class="note" role="status">${more > 0 ? w.moreFiles({ count: more }) : ""}</span>
      ${files.length > 1 ? html`<button type="button" class="button" data-testid="documents-stop-all" @click=${stopAll}>${w.stopAll}</button>` : nothing}
    </div>
  </section>`;
}

function row({ name, progress, stop }: Coming): TemplateResult {
  const { done = 0, total = 0 } = progress ?? {};
  const reading = progress?.stage === "reading";
  return html`<li data-testid="document-coming">
    <div class="documents-words">
      <bdi>${name}</bdi>
      <span class="note">${reading ? (total > 1 ? w.pageOf({ page: done, total }) : w.coming) : w.waiting}</span>
      ${reading && total > 1 ? html`<progress max=${total} .value=${done} aria-label=${w.readOf({ name })}></progress>` : nothing}
    </div>
    ${smallButton({ icon: icons.close, testId: "document-stop", label: w.stopReading({ name }), title: common.stop }, stop)}
  </li>`;
}

const notTaken = (
  shelf: Shelf,
): TemplateResult => html`<section class="card" role="status" data-testid="documents-refused">
  <div>
    ${shelf.already ? html`<p>${w.already({ count: shelf.already })}</p>` : nothing}
    ${shelf.refused.slice(0, SHOWN).map(refusal)}
    ${shelf.refused.length > SHOWN ? html`<p>${w.moreRefused({ count: shelf.refused.length - SHOWN })}</p>` : nothing}
    <div class="card-actions">
      <button type="button" class="button" data-testid="documents-dismiss" @click=${() => shelf.dismiss()}>
        ${w.dismiss}
      </button>
    </div>
  </div>
</section>`;

/** What is said of a file mostly names it. */
function refusal({ name, failure: { message, action } }: Refused): TemplateResult {
  return html`<p>${message.includes(name) ? nothing : html`<strong><bdi>${name}</bdi></strong>: `}${message} ${action}</p>`;
}
