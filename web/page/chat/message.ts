/** How one entry of a conversation is drawn. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, TextFile } from "../../sdk/index.ts";
import { bring } from "../kit/bring.ts";
import { ENDINGS, seconds, speed } from "../kit/format.ts";
import { icons, mark } from "../kit/icons.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import type { ShownFork } from "../state/forks.ts";
import {
  type AgentPart,
  type AnswerEntry,
  answerText,
  isSaid,
  type ThinkingPart,
  type UserEntry,
} from "../state/transcript.ts";
import { inSlices } from "./slices.ts";
import { toolRow } from "./tool-call.ts";
import { w } from "./words/chat.ts";

/** The way to the other branches; null where there is none, or none can be gone to now. */
export interface Branches {
  fork: ShownFork;
  choose(to: number): void;
}

/** Opens what else can be done with a message, beside the button. */
type More = (event: Event) => void;

interface QuestionActions {
  more: More;
  branches: Branches | null;
  /** Null where it cannot be edited now. */
  edit: (() => void) | null;
}

/** The person's message; `queued` while it waits for Alcove to start. */
export function userMessage(
  { key, text, pictures, files = [] }: UserEntry,
  queued: boolean,
  { edit, branches, more }: QuestionActions,
): TemplateResult {
  return html`<div class="message user" data-entry=${key}>
    ${pictures.length ? sent(pictures) : nothing} ${files.length ? sentFiles(files) : nothing}
    ${text ? html`<article class="plain" data-testid="message-user" dir="auto" aria-label=${w.you}>${inSlices(text)}</article>` : nothing}
    ${queued ? html`<span class="tag" data-testid="queued">${w.queued}</span>` : nothing}
    <div class="message-actions">
      ${edit ? smallButton({ icon: icons.rename, testId: "edit-message", label: w.editMessage, title: w.edit }, edit) : nothing}
      ${moreButton(more)} ${pager(branches)}
    </div>
  </div>`;
}

const moreButton = (more: More): TemplateResult =>
  smallButton({ icon: icons.more, testId: "more", label: w.more }, more);

/** Few conversations have branches: its script comes with the first one. */
export function pager(branches: Branches | null): TemplateResult | typeof nothing {
  if (!branches) return nothing;
  bring("branch-pager", () => import("./branch-pager.ts"));
  return html`<branch-pager .fork=${branches.fork} .choose=${branches.choose}></branch-pager>`;
}

function sent(pictures: UserEntry["pictures"]): TemplateResult {
  bring("sent-pictures", () => import("./pictures.ts"));
  return html`<sent-pictures .pictures=${pictures}></sent-pictures>`;
}

function sentFiles(files: readonly TextFile[]): TemplateResult {
  bring("sent-files", () => import("./sent-files.ts"));
  return html`<sent-files .files=${files}></sent-files>`;
}

interface AnswerActions {
  alcove: Promise<Alcove>;
  copy(event: Event, text: string): void;
  /** Present on the last answer only. */
  retry: (() => void) | null;
  /** Present on the last answer, where it broke off. */
  goOn: (() => void) | null;
  branches: Branches | null;
  more: More;
}

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
      ${drawn(parts, streaming)}
      ${parts.some(isSaid) || streaming || ENDINGS[finishReason ?? ""] ? nothing : html`<p class="no-answer">${w.noAnswer}</p>`}
      ${streaming ? nothing : sourceList(entry, actions.alcove)}
      ${streaming ? thinking(waiting) : footer(entry, actions)}
    </div>
  </article>`;
}

const noticeLine = ({ level, text }: { level: string; text: string }): TemplateResult =>
  html`<p class="turn-notice" data-testid="turn-notice" data-level=${level}>${text}</p>`;

/** The parts of an answer, or of what a sub-agent says. */
const drawn = (parts: AnswerEntry["parts"], streaming: boolean): TemplateResult[] =>
  parts.map((part) =>
    part.kind === "text"
      ? html`<markdown-view class="prose" .text=${part.text}></markdown-view>`
      : part.kind === "tool"
        ? toolRow(part, agentRow)
        : part.kind === "notice"
          ? noticeLine(part)
          : thought(part, streaming && part === parts.at(-1)),
  );

function agentRow(agent: AgentPart): TemplateResult {
  bring("agent-row", () => import("./agent-row.ts"));
  return html`<agent-row .agent=${agent} .drawn=${drawn}></agent-row>`;
}

/** What the model thought, folded; few models do, so its script comes when one does. */
function thought(part: ThinkingPart, runs: boolean): TemplateResult {
  bring("thought-row", () => import("./thought.ts"));
  return html`<thought-row .text=${inSlices(part.text)} .ms=${part.ms} .runs=${runs}></thought-row>`;
}

/** What the answer is made from; few are made so. */
function sourceList(entry: AnswerEntry, alcove: Promise<Alcove>): TemplateResult | typeof nothing {
  const { sources } = entry;
  if (!sources.length) return nothing;
  bring("answer-sources", () => import("../reader/answer-sources.ts"));
  return html`<answer-sources .sources=${sources} .text=${answerText(entry)} .alcove=${alcove}></answer-sources>`;
}

const thinking = (words: string): TemplateResult => html`<p class="thinking">
  <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
  ${words ? html`<span>${words}</span>` : nothing}
</p>`;

/** A question that has no answer can have one. */
export const unanswered = (answer: () => void): TemplateResult => html`<div class="card-actions unanswered">
  <button type="button" class="button" data-testid="answer" @click=${answer}>${w.answer}</button>
</div>`;

const brokenOff = (
  goOn: () => void,
  again: (() => void) | null,
): TemplateResult => html`<div class="card-actions">
  <button type="button" class="button" data-testid="go-on" @click=${goOn}>${w.goOn}</button>
  ${again ? html`<button type="button" class="button" data-testid="retry" @click=${again}>${w.again}</button>` : nothing}
</div>`;

function loudspeaker(alcove: Promise<Alcove>, text: string): TemplateResult {
  bring("aloud-button", () => import("../aloud/button.ts"));
  return html`<aloud-button .alcove=${alcove} .text=${text}></aloud-button>`;
}

function footer(
  entry: AnswerEntry,
  { alcove, copy, retry, goOn, branches, more }: AnswerActions,
): TemplateResult {
  const text = answerText(entry);
  const ending = ENDINGS[entry.finishReason ?? ""];
  const { figures } = entry;
  return html`${goOn ? brokenOff(goOn, retry) : nothing}<footer class="message-actions">
    ${pager(branches)}
    ${
      text
        ? smallButton(
            { icon: icons.copy, testId: "copy", label: w.copyAnswer, title: common.copy },
            (event) => copy(event, text),
          )
        : nothing
    }
    ${text ? loudspeaker(alcove, text) : nothing}
    ${retry && !goOn ? smallButton({ icon: icons.retry, testId: "retry", label: w.again }, retry) : nothing}
    ${moreButton(more)}
    ${ending ? html`<span class="ending">${ending}</span>` : nothing}
    ${
      figures?.completionTokens
        ? html`<span class="figures" data-testid="figures" title=${w.firstWord({ time: seconds(figures.ttftMs) })}
            >${w.figures({ tokens: figures.completionTokens, speed: speed(figures.tokensPerSecond) })}</span
          >`
        : nothing
    }
  </footer>`;
}
