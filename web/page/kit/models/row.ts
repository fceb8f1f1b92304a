/** One model of the list: what it costs, whether it runs here, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { LoadProgress, ModelEntry, Status } from "../../../sdk/index.ts";
import { failureLine } from "../error-card.ts";
import type { Failure } from "../failure.ts";
import { bytesOf, percent, size } from "../format.ts";
import { icons } from "../icons.ts";
import { statusWords } from "../status-line.ts";
import { told } from "../told.ts";
import { common } from "../words/common.ts";
import { answers, type Title, USES, versionOf } from "./filter.ts";
import { w } from "./list-words.ts";

/** A download or an import under way. */
export interface Moving {
  progress: LoadProgress | null;
  controller: AbortController;
}

/** How a model is used now. */
export interface Use {
  /** It is what answers, or looks. */
  used: boolean;
  /** New conversations take it. */
  preferred?: boolean;
  /** It is being loaded to be used. */
  coming?: Status | null;
  /** Why it could not be used. */
  failure?: Failure | undefined;
}

interface RowState extends Use {
  title: Title;
  /** The version that is shown. */
  entry: ModelEntry;
  /** The person is asked whether to remove it. */
  asked: boolean;
  moving: Moving | undefined;
}

export interface RowActions {
  use(entry: ModelEntry): void;
  download(entry: ModelEntry): void;
  cancel(entry: ModelEntry): void;
  /** Asks first; `confirmed` removes. */
  remove(entry: ModelEntry, confirmed: boolean): void;
  keep(): void;
  pick(title: Title, id: string): void;
}

export function modelRow(state: RowState, actions: RowActions): TemplateResult {
  const { title, entry, used, preferred, coming, moving, failure } = state;
  const versions = title.versions.length > 1;
  return html`<li
    class="model"
    data-testid="model"
    data-id=${entry.id}
    data-cached=${entry.cached}
    data-fits=${entry.fits}
    aria-label=${entry.name}
  >
    <div class="model-head">
      <h3 tabindex="-1">${versions ? title.name : entry.name}</h3>
      ${used ? html`<span class="badge strong" data-testid="model-used">${w.inUse}</span>` : nothing}
      ${preferred ? html`<span class="badge" data-testid="model-preferred">${w.forNew}</span>` : nothing}
      ${entry.cached ? html`<span class="badge" data-testid="model-cached">${w.onDevice}</span>` : nothing}
    </div>
    ${versions ? versionPicker(state, actions) : nothing}
    <p class="model-facts">${facts(entry).map((fact) => html`<span>${fact}</span>`)}</p>
    ${entry.goodFor.length ? goodFor(entry) : nothing}
    ${
      entry.why
        ? html`<p class="model-why" data-testid="model-why">
            ${icons.alert}<span>${entry.fits ? "" : `${w.notHere} `}${told(entry.why)}</span>
          </p>`
        : nothing
    }
    ${failure ? failureLine(failure, "model-failure") : nothing}
    ${
      moving
        ? progress(entry.name, moving, () => actions.cancel(entry))
        : coming
          ? html`<p class="model-amount" data-testid="model-coming">${statusWords(coming)}</p>`
          : buttons(state, actions)
    }
  </li>`;
}

/** What it costs, as short facts. Three words are about four tokens. */
const facts = ({ bytes, vram, context, provider, license }: ModelEntry): string[] => [
  w.costs({ size: size(bytes) }),
  provider === "webllm" && vram ? w.graphics({ size: size(vram) }) : w.processor,
  // One that only speaks or reads holds no conversation.
  ...(context ? [w.remembers({ count: Math.round((context * 0.75) / 100) * 100 })] : []),
  license === "unknown" ? w.noLicence : license,
];

const goodFor = ({ goodFor: uses }: ModelEntry): TemplateResult =>
  html`<p class="model-uses">${w.goodFor({ uses: uses.map((use) => USES[use] ?? use).join(" · ") })}</p>`;

function versionPicker({ title, entry }: RowState, actions: RowActions): TemplateResult {
  return html`<select
    class="field version"
    data-testid="model-version"
    aria-label=${w.versionOf({ name: title.name })}
    @change=${(event: Event) => actions.pick(title, (event.target as HTMLSelectElement).value)}
  >
    ${title.versions.map(
      (version) => html`<option value=${version.id} ?selected=${version.id === entry.id}>
        ${versionWords(version)}
      </option>`,
    )}
  </select>`;
}

function versionWords(entry: ModelEntry): string {
  const version = `${versionOf(entry)} · ${size(entry.bytes)}`;
  return entry.cached ? w.versionHere({ version }) : version;
}

function buttons({ entry, used, asked }: RowState, actions: RowActions): TemplateResult | typeof nothing {
  if (asked) return asking(entry, actions);
  const usable = entry.fits && !used && answers(entry);
  const downloadable = entry.fits && !entry.cached;
  if (!usable && !downloadable && !entry.cached) return nothing;
  return html`<div class="card-actions">
    ${
      usable
        ? html`<button
            type="button"
            class=${entry.cached ? "button primary" : "button"}
            data-testid="model-use"
            aria-label=${w[entry.cached ? "useIt" : "downloadAndUseIt"]({ name: entry.name })}
            @click=${() => actions.use(entry)}
          >
            ${entry.cached ? w.use : w.downloadAndUse}
          </button>`
        : nothing
    }
    ${
      downloadable
        ? html`<button
            type="button"
            class="button"
            data-testid="model-download"
            aria-label=${w.downloadIt({ name: entry.name })}
            @click=${() => actions.download(entry)}
          >
            ${w.download}
          </button>`
        : nothing
    }
    ${
      entry.cached
        ? html`<button
            type="button"
            class="button"
            data-testid="model-remove"
            aria-label=${w.removeIt({ name: entry.name })}
            @click=${() => actions.remove(entry, false)}
          >
            ${common.remove}
          </button>`
        : nothing
    }
  </div>`;
}

const asking = (entry: ModelEntry, actions: RowActions): TemplateResult => html`<div class="model-ask">
  <p>${w.ask({ size: size(entry.bytes) })}</p>
  <div class="card-actions">
    <button
      type="button"
      class="button danger"
      data-testid="model-remove-confirm"
      @click=${() => actions.remove(entry, true)}
    >
      ${common.remove}
    </button>
    <button type="button" class="button model-keep" @click=${() => actions.keep()}>${common.keep}</button>
  </div>
</div>`;

/** How far a download is, and the way to stop it. */
export function progress(name: string, { progress: now }: Moving, cancel: () => void): TemplateResult {
  const known = now !== null && now.total > 0;
  const words = now
    ? now.stage === "verifying" || now.stage === "waiting"
      ? w[now.stage]
      : w.downloading
    : w.starting;
  return html`<div class="model-moving">
    <progress
      data-testid="model-progress"
      aria-label=${w.under({ doing: words, name })}
      max="1"
      .value=${known ? Math.min(1, now.bytes / now.total) : 0}
    ></progress>
    <span class="model-amount" data-testid="model-amount"
      >${words}${known ? ` · ${percent(now.bytes / now.total)} · ${bytesOf(now.bytes, now.total)}` : ""}</span
    >
    <button type="button" class="button" data-testid="model-cancel" aria-label=${w.cancelIt({ name })} @click=${cancel}>
      ${common.cancel}
    </button>
  </div>`;
}
