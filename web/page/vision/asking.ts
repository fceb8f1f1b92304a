/** A question about the picture, and its answer. */
import { html, nothing, type TemplateResult } from "lit";
import { ENDINGS, took } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import type { Answer, Observer } from "./observer.ts";
import { w } from "./words.ts";

interface AskActions {
  ask(question: string): void;
  copy(event: Event, text: string): void;
}

const submit = (event: Event, { ask }: AskActions): void => {
  event.preventDefault();
  const field = (event.currentTarget as HTMLElement).querySelector("input") as HTMLInputElement;
  const question = field.value.trim();
  if (!question) return;
  field.value = "";
  ask(question);
};

/** `moves`: the picture is frozen first. */
export function asking(observer: Observer, moves: boolean, actions: AskActions): TemplateResult {
  const { answer } = observer;
  return html`<section class="panel" aria-labelledby="asking-title">
    <h2 id="asking-title">${moves ? w.askMoment : w.askPicture}</h2>
    <form class="asking" @submit=${(event: Event) => submit(event, actions)}>
      <input
        class="field"
        type="text"
        data-testid="question"
        aria-label=${w.question}
        dir="auto"
        placeholder=${moves ? w.freezes : w.wantToKnow}
        autocomplete="off"
        enterkeyhint="send"
      />
      ${button(answer?.writing === true, observer)}
    </form>
    ${answer ? answered(answer, actions) : nothing}
  </section>`;
}

/** One button, so that the keyboard stays where it is. */
const button = (writing: boolean, observer: Observer): TemplateResult => html`<button
  type=${writing ? "button" : "submit"}
  class="round-button"
  data-testid=${writing ? "answer-stop" : "ask"}
  aria-label=${writing ? common.stop : w.ask}
  title=${writing ? w.stopKey : w.askKey}
  @click=${() => writing && observer.stop()}
>
  ${writing ? icons.stop : icons.send}
</button>`;

const answered = (
  { asked, text, writing, ms, finish }: Answer,
  actions: AskActions,
): TemplateResult => html`<article
  class="asked"
  aria-busy=${writing ? "true" : "false"}
>
  <p class="asked-question" dir="auto">${asked}</p>
  <p class="plain" dir="auto" data-testid="answer">${text || (writing ? dots : w.noAnswer)}</p>
  ${
    writing
      ? nothing
      : html`<footer class="message-actions">
          ${
            text
              ? smallButton(
                  { icon: icons.copy, testId: "answer-copy", label: w.copyAnswer, title: common.copy },
                  (event) => actions.copy(event, text),
                )
              : nothing
          }
          <span class="ending">${ENDINGS[finish ?? ""] ?? nothing}</span>
          ${ms === undefined ? nothing : html`<span class="figures">${took(ms)}</span>`}
        </footer>`
  }
</article>`;

const dots = html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
