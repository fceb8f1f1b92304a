/** One model of the list: what it costs, whether it runs here, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { LoadProgress, ModelEntry, Status } from "../../../sdk/index.ts";
import { failureLine } from "../error-card.ts";
import type { Failure } from "../failure.ts";
import { bytesOf, percent, size } from "../format.ts";
import { icons } from "../icons.ts";
import { statusWords } from "../status-line.ts";
import { answers, type Title, USES, versionOf } from "./filter.ts";
import { facts } from "./words.ts";

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
      ${used ? html`<span class="badge strong" data-testid="model-used">In use</span>` : nothing}
      ${preferred ? html`<span class="badge" data-testid="model-preferred">For new conversations</span>` : nothing}
      ${entry.cached ? html`<span class="badge" data-testid="model-cached">On this device</span>` : nothing}
    </div>
    ${versions ? versionPicker(state, actions) : nothing}
    <p class="model-facts">${facts(entry).map((fact) => html`<span>${fact}</span>`)}</p>
    ${entry.goodFor.length ? goodFor(entry) : nothing}
    ${
      entry.why
        ? html`<p class="model-why" data-testid="model-why">
            ${icons.alert}<span>${entry.fits ? "" : "Does not run here. "}${entry.why}</span>
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

const goodFor = ({ goodFor: uses }: ModelEntry): TemplateResult =>
  html`<p class="model-uses">Good for: ${uses.map((use) => USES[use] ?? use).join(" · ")}</p>`;

function versionPicker({ title, entry }: RowState, actions: RowActions): TemplateResult {
  return html`<select
    class="field version"
    data-testid="model-version"
    aria-label="Version of ${title.name}"
    @change=${(event: Event) => actions.pick(title, (event.target as HTMLSelectElement).value)}
  >
    ${title.versions.map(
      (version) => html`<option value=${version.id} ?selected=${version.id === entry.id}>
        ${versionOf(version)} · ${size(version.bytes)}${version.cached ? " · on this device" : ""}
      </option>`,
    )}
  </select>`;
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
            aria-label="${entry.cached ? "Use" : "Download and use"} ${entry.name}"
            @click=${() => actions.use(entry)}
          >
            ${entry.cached ? "Use" : "Download and use"}
          </button>`
        : nothing
    }
    ${
      downloadable
        ? html`<button
            type="button"
            class="button"
            data-testid="model-download"
            aria-label="Download ${entry.name}"
            @click=${() => actions.download(entry)}
          >
            Download
          </button>`
        : nothing
    }
    ${
      entry.cached
        ? html`<button
            type="button"
            class="button"
            data-testid="model-remove"
            aria-label="Remove ${entry.name} from this device"
            @click=${() => actions.remove(entry, false)}
          >
            Remove
          </button>`
        : nothing
    }
  </div>`;
}

const asking = (entry: ModelEntry, actions: RowActions): TemplateResult => html`<div class="model-ask">
  <p>Remove ${size(entry.bytes)} from this device? You can download it again.</p>
  <div class="card-actions">
    <button
      type="button"
      class="button danger"
      data-testid="model-remove-confirm"
      @click=${() => actions.remove(entry, true)}
    >
      Remove
    </button>
    <button type="button" class="button model-keep" @click=${() => actions.keep()}>Keep</button>
  </div>
</div>`;

const STAGES: Readonly<Record<string, string>> = { verifying: "Checking", waiting: "Waiting for the server" };

/** How far a download is, and the way to stop it. */
export function progress(name: string, { progress: now }: Moving, cancel: () => void): TemplateResult {
  const known = now !== null && now.total > 0;
  const words = now ? (STAGES[now.stage] ?? "Downloading") : "Starting";
  return html`<div class="model-moving">
    <progress
      data-testid="model-progress"
      aria-label="${words} ${name}"
      max="1"
      .value=${known ? Math.min(1, now.bytes / now.total) : 0}
    ></progress>
    <span class="model-amount" data-testid="model-amount"
      >${words}${known ? ` · ${percent(now.bytes / now.total)} · ${bytesOf(now.bytes, now.total)}` : ""}</span
    >
    <button type="button" class="button" data-testid="model-cancel" aria-label="Cancel ${name}" @click=${cancel}>
      Cancel
    </button>
  </div>`;
}
