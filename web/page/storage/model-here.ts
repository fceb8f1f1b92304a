/** A model on this device: what it takes, whether it was checked, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit";
import { type ModelEntry, verifiedWords } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { type Moving, progress } from "../kit/models/row.ts";
import { told } from "../kit/told.ts";
import { question } from "./asking.ts";
import { usedWords, w, weight } from "./words.ts";

interface ModelHere {
  entry: ModelEntry;
  /** What its files take here. */
  bytes: number;
  /** It answers or looks at the moment. */
  used: boolean;
  /** The last check found it whole. */
  sound: boolean;
  /** A check under way. */
  moving: Moving | undefined;
  failure: Failure | undefined;
  /** The person is asked whether to delete it. */
  asked: boolean;
}

export interface ModelActions {
  verify(id: string): void;
  /** Ends a check. */
  stop(id: string): void;
  save(id: string): void;
  pin(id: string, on: boolean): void;
  /** Asks first; `confirmed` deletes. */
  remove(id: string, confirmed: boolean): void;
  keep(): void;
}

export function modelHere(model: ModelHere, actions: ModelActions): TemplateResult {
  const { entry, bytes, used, sound, moving, failure } = model;
  return html`<li class="model" data-testid="model-here" data-id=${entry.id} aria-label=${entry.name}>
    <div class="model-head">
      <h3 tabindex="-1">${entry.name}</h3>
      ${used ? html`<span class="badge strong">${w.inUse}</span>` : nothing}
      ${entry.pinned ? html`<span class="badge" data-testid="model-pinned">${w.pinned}</span>` : nothing}
    </div>
    <p class="model-facts"><span>${weight(bytes)}</span><span>${usedWords(entry)}</span></p>
    <p class="model-why" data-testid="model-checked">
      ${icons.shield}<span>${sound ? `${w.justChecked} ` : nothing}${told(verifiedWords(entry))}</span>
    </p>
    ${failure ? failureLine(failure, "model-here-failure") : nothing}
    ${moving ? progress(entry.name, moving, () => actions.stop(entry.id)) : buttons(model, actions)}
  </li>`;
}

function buttons({ entry, bytes, asked }: ModelHere, actions: ModelActions): TemplateResult {
  const { id, name, provider, pinned, shipped } = entry;
  if (asked) {
    return question({
      words: w[entry.verified === "own" ? "deleteOwn" : shipped ? "deleteShipped" : "deleteFetched"]({
        name,
        size: weight(bytes),
      }),
      yes: w.delete,
      testId: "model-delete",
      confirm: () => actions.remove(id, true),
      keep: () => actions.keep(),
    });
  }
  const button = (testId: string, words: string, label: string, press: () => void) => html`<button
    type="button"
    class="button"
    data-testid=${testId}
    aria-label=${label}
    @click=${press}
  >
    ${words}
  </button>`;
  return html`<div class="card-actions">
    ${button("model-verify", w.check, w.checkIt({ name }), () => actions.verify(id))}
    ${
      // WebLLM's models are many small files that nothing else reads.
      provider === "llamacpp"
        ? button("model-export", w.save, w.saveIt({ name }), () => actions.save(id))
        : nothing
    }
    ${button("model-pin", pinned ? w.unpin : w.pin, w[pinned ? "unpinIt" : "pinIt"]({ name }), () => actions.pin(id, !pinned))}
    ${button("model-delete", w.delete, w.deleteIt({ name }), () => actions.remove(id, false))}
  </div>`;
}
