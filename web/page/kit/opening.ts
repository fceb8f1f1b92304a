import { html, type TemplateResult } from "lit";
import { mark } from "./icons.ts";

/** How a tab begins in which there is nothing yet: a question, a sentence, and `more`, which is what can be done. */
export const opening = (
  testId: string,
  question: string,
  words: unknown,
  more: unknown,
): TemplateResult => html`<div class="opening" data-testid=${testId}>
  ${mark}
  <h2>${question}</h2>
  <p>${words}</p>
  ${more}
</div>`;
