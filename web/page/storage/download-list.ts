/** Downloads under way, in their order, and what can be done with each. */
import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Download } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { common } from "../kit/words/common.ts";
import type { DeviceStore } from "./device-store.ts";
import { downloadWords, w } from "./words.ts";

export interface DownloadActions {
  pause(id: string): void;
  /** @param acceptChanged takes another file than the one that came first */
  resume(id: string, acceptChanged?: boolean): void;
  cancel(id: string): void;
}

export function downloadList(store: DeviceStore, actions: DownloadActions): TemplateResult | typeof nothing {
  const { downloads, failures } = store;
  if (!downloads.length) return nothing;
  return html`<section aria-labelledby="storage-downloads">
    <h2 id="storage-downloads">${w.downloads}</h2>
    <ul class="models" data-testid="downloads">
      ${repeat(
        downloads,
        ({ id }) => id,
        (download) => {
          // Without a network it waits, as its line says: that is no failure yet.
          const failed = download.state === "failed" ? download.error : undefined;
          return row(download, failures.get(download.id) ?? failed, store.changed(download), actions);
        },
      )}
    </ul>
  </section>`;
}

function row(
  download: Download,
  failure: Failure | undefined,
  changed: boolean,
  actions: DownloadActions,
): TemplateResult {
  const { id, name, state, bytes, total } = download;
  const stopped = state === "paused" || state === "failed";
  return html`<li class="model" data-testid="download" data-id=${id} data-state=${state} aria-label=${name}>
    <div class="model-head"><h3>${name}</h3></div>
    <div class="model-moving">
      <progress
        data-testid="download-progress"
        aria-label=${w.downloadOf({ name })}
        max="1"
        .value=${total > 0 ? Math.min(1, bytes / total) : 0}
      ></progress>
      <span class="model-amount" data-testid="download-words">${downloadWords(download)}</span>
      <div class="storage-buttons">
        ${
          stopped
            ? html`<button
                type="button"
                class="button"
                data-testid="download-resume"
                aria-label=${state === "failed" ? w.againWith({ name }) : w.goOnWith({ name })}
                @click=${() => actions.resume(id)}
              >
                ${state === "failed" ? common.again : w.goOn}
              </button>`
            : html`<button
                type="button"
                class="button"
                data-testid="download-pause"
                aria-label=${w.pauseIt({ name })}
                @click=${() => actions.pause(id)}
              >
                ${w.pause}
              </button>`
        }
        ${
          changed
            ? html`<button
                type="button"
                class="button"
                data-testid="download-accept"
                aria-label=${w.takeNewOf({ name })}
                @click=${() => actions.resume(id, true)}
              >
                ${w.takeNew}
              </button>`
            : nothing
        }
        <button
          type="button"
          class="button"
          data-testid="download-cancel"
          aria-label=${w.cancelIt({ name })}
          @click=${() => actions.cancel(id)}
        >
          ${common.cancel}
        </button>
      </div>
    </div>
    ${failure ? failureLine(failure, "download-failure") : nothing}
  </li>`;
}
