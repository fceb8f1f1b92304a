/** Which model looks, in one line, and what it knows. */
import { html, nothing, type TemplateResult } from "lit";
import type { ModelEntry, Status } from "../../sdk/index.ts";
import { size, took } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { statusWords } from "../kit/status-line.ts";
import { told } from "../kit/told.ts";
import { w } from "./words.ts";

interface ModelLine {
  /** The model that looks, or will; undefined until the list was read, or when there is none. */
  entry: ModelEntry | undefined;
  usualMs: number | undefined;
  loading: boolean;
  /** What the vision model is doing, as Alcove tells it. */
  status: Status | undefined;
  choose(): void;
}

export function modelLine({ entry, usualMs, loading, status, choose }: ModelLine): TemplateResult {
  const facts = entry
    ? [
        size(entry.bytes),
        entry.provider === "webllm" ? w.graphics : w.processor,
        usualMs === undefined ? "" : w.perFrame({ time: took(usualMs) }),
      ].filter(Boolean)
    : [];
  return html`<div class="vision-model">
    <p class="vision-model-line">
      <button
        type="button"
        class="model-button"
        data-testid="vision-model"
        aria-haspopup="dialog"
        title=${w.choose}
        @click=${choose}
      >
        <span class="visually-hidden">${w.model}</span>
        <span class="model-name" data-testid="vision-model-name">${entry?.name ?? w.models}</span>
        <span class="chevron" aria-hidden="true">${icons.chevron}</span>
      </button>
      <span class="vision-model-facts" data-testid="vision-model-facts">
        ${loading ? (status ? statusWords(status) : w.loadingModel) : facts.join(" · ")}
      </span>
    </p>
    ${entry ? html`<p class="note" dir="auto" data-testid="vision-model-about">${entry.about ? told(entry.about) : w.caution}</p>` : nothing}
  </div>`;
}
