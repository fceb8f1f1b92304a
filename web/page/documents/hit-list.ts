/** What a search found, each hit in its context. */
import { html, type TemplateResult } from "lit";
import type { DocumentHit } from "../../sdk/index.ts";
import { w as r } from "../reader/words.ts";
import { marked } from "./told.ts";
import { w } from "./words.ts";

export function hitList(
  hits: readonly DocumentHit[],
  query: string,
  open: (hit: DocumentHit) => void,
): TemplateResult {
  if (!hits.length)
    return html`<p class="note" role="status" data-testid="documents-nothing">${w.nothing}</p>`;
  return html`<p class="visually-hidden" role="status">${w.found({ count: hits.length })}</p>
    <ol class="documents-hits" aria-label=${w.hits}>
      ${hits.map(
        (hit) => html`<li>
          <button type="button" class="source" data-testid="document-hit" @click=${() => open(hit)}>
            <span>${r.place({ name: html`<bdi>${hit.name}</bdi>`, page: hit.page })}${hit.heading ? ` · ${hit.heading}` : ""}</span>
            <span class="source-text">${marked(hit.text, query).map(({ text, hit: is }) => (is ? html`<mark>${text}</mark>` : text))}</span>
          </button>
        </li>`,
      )}
    </ol>`;
}
