/** How one entry of a conversation is drawn. */
import { html, nothing, type TemplateResult } from "lit";
import { seconds, speed } from "../kit/format.ts";
import { icons, mark } from "../kit/icons.ts";
import { type AnswerEntry, answerText, type UserEntry } from "../state/transcript.ts";
import { sentPictures } from "./pictures.ts";
import { toolRow } from "./tool-call.ts";

/** The person's message; `queued` while it waits for Alcove to start. */
export function userMessage({ text, pictures }: UserEntry, queued: boolean): TemplateResult {
  return html`<div class="message user">
    ${sentPictures(pictures)}
    ${text ? html`<article class="plain" data-testid="message-user" aria-label="You">${text}</article>` : nothing}
    ${queued ? html`<span class="tag" data-testid="queued">Waiting to be sent</span>` : nothing}
  </div>`;
}

export interface AnswerActions {
  copy(event: Event, text: string): void;
  /** Present on the last answer only. */
  retry: (() => void) | null;
}

const ENDINGS: Record<string, string> = {
  cancelled: "Stopped",
  error: "Not finished",
  length: "Stopped at the length limit",
};

/** An answer; `waiting` says in plain words what it waits for. */
export function answerMessage(entry: AnswerEntry, waiting: string, actions: AnswerActions): TemplateResult {
  const { parts, streaming, finishReason } = entry;
  return html`<article
    class="message answer"
    data-testid="message-assistant"
    aria-label="Alcove"
    aria-busy=${streaming ? "true" : "false"}
    data-finish=${finishReason ?? ""}
  >
    <span class="avatar">${mark}</span>
    <div class="body">
      ${parts.map((part) =>
        part.kind === "text"
          ? html`<markdown-view class="prose" .text=${part.text}></markdown-view>`
          : toolRow(part),
      )}
      ${streaming ? thinking(waiting) : footer(entry, actions)}
    </div>
  </article>`;
}

const thinking = (words: string): TemplateResult => html`<p class="thinking">
  <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
  ${words ? html`<span>${words}</span>` : nothing}
</p>`;

function footer(entry: AnswerEntry, { copy, retry }: AnswerActions): TemplateResult {
  const text = answerText(entry);
  const ending = ENDINGS[entry.finishReason ?? ""];
  const { figures } = entry;
  return html`<footer class="message-actions">
    ${
      text
        ? html`<button
            type="button"
            class="icon-button small"
            data-testid="copy"
            aria-label="Copy answer"
            title="Copy"
            @click=${(event: Event) => copy(event, text)}
          >
            ${icons.copy}
          </button>`
        : nothing
    }
    ${
      retry
        ? html`<button
            type="button"
            class="icon-button small"
            data-testid="retry"
            aria-label="Answer again"
            title="Answer again"
            @click=${retry}
          >
            ${icons.retry}
          </button>`
        : nothing
    }
    ${ending ? html`<span class="ending">${ending}</span>` : nothing}
    ${
      figures?.completionTokens
        ? html`<span class="figures" data-testid="figures" title="Time to the first word: ${seconds(figures.ttftMs)}"
            >${figures.completionTokens} tokens · ${speed(figures.tokensPerSecond)}</span
          >`
        : nothing
    }
  </footer>`;
}
