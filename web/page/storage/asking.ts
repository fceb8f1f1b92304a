/** A question before something goes for good, in the place of the buttons that led to it. */
import { html, type TemplateResult } from "lit";
import { common } from "../kit/words/common.ts";

interface Question {
  words: string | TemplateResult;
  /** What the button that does it says. */
  yes: string;
  testId: string;
  confirm(): void;
  keep(): void;
}

export const question = ({ words, yes, testId, confirm, keep }: Question): TemplateResult => html`<div
  class="model-ask"
  data-testid="${testId}-ask"
>
  <p>${words}</p>
  <div class="card-actions">
    <button type="button" class="button danger" data-testid="${testId}-confirm" @click=${confirm}>${yes}</button>
    <button type="button" class="button storage-keep-it" @click=${keep}>${common.keep}</button>
  </div>
</div>`;
