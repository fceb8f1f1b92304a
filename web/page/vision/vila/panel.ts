/** A ViLA server beside the local model: its address and key, the sign while frames leave, and its replies. */
import { html, nothing, type TemplateResult } from "lit";
import type { VilaStatus } from "../../../sdk/embed.ts";
import { failureLine } from "../../kit/error-card.ts";
import { seconds } from "../../kit/format.ts";
import { icons as common } from "../../kit/icons.ts";
import { locale } from "../../kit/language.ts";
import { serverFields } from "../../kit/server-fields.ts";
import { common as buttons } from "../../kit/words/common.ts";
import { icons } from "../icons.ts";
import type { Sending } from "./sending.ts";
import { w } from "./words.ts";

/** @param what is sent: "camera", "screen" */
export function vilaPanel(sending: Sending, what: string): TemplateResult | typeof nothing {
  const { server, asking, on, failure } = sending;
  if (server === undefined) return nothing;
  if (server === null) {
    return html`<details class="vila" data-testid="vila">
      <summary>${w.ask}</summary>
      ${form(sending)}
    </details>`;
  }
  return html`<section class="panel vila" aria-labelledby="vila-title" data-testid="vila" data-on=${on}>
    <header class="panel-head">
      <h2 id="vila-title">${w.title}</h2>
      <button
        type="button"
        class="button"
        data-testid=${on ? "vila-stop" : "vila-start"}
        ?disabled=${asking}
        @click=${() => (on ? sending.stop() : void sending.start())}
      >
        ${on ? common.stop : icons.play} ${on ? buttons.stop : w.send}
      </button>
    </header>
    ${asking ? consent(sending, server.host, what) : nothing}
    ${on ? standing(sending.status, server.host) : nothing}
    ${failure ? failureLine(failure, "vila-failure") : nothing}
    ${on || sending.captions.length ? replies(sending) : nothing}
    ${
      on || asking
        ? nothing
        : html`<details>
            <summary>${server.hasKey ? w.withKey({ server: server.host }) : server.host}</summary>
            ${form(sending)}
          </details>`
    }
  </section>`;
}

const consent = (sending: Sending, host: string, what: string): TemplateResult => html`<div
  class="card"
  role="alertdialog"
  aria-labelledby="vila-consent"
  data-testid="vila-consent"
>
  ${common.alert}
  <div>
    <p class="card-title" id="vila-consent">${w[what === "camera" ? "consentCamera" : "consentScreen"]({ server: host })}</p>
    <p>${w.aboutConsent}</p>
    <div class="card-actions">
      <button type="button" class="button primary" data-testid="vila-allow" @click=${() => void sending.allow(true)}>
        ${w.sendThem}
      </button>
      <button type="button" class="button" data-testid="vila-refuse" @click=${() => void sending.allow(false)}>
        ${w.notNow}
      </button>
    </div>
  </div>
</div>`;

function standing(status: VilaStatus | null, host: string): TemplateResult {
  const { sent = 0, skipped = 0 } = status ?? {};
  return html`<p class="vila-sign" role="status" data-testid="vila-sign">
      <span class="lamp" aria-hidden="true"></span><span>${words(status, host)}</span>
    </p>
    <p class="figures" data-testid="vila-figures">
      ${w.figures({ sent, skipped })}
    </p>`;
}

function words(status: VilaStatus | null, host: string): string {
  if (status?.state === "streaming") return w.leaving({ server: host });
  if (status?.state !== "waiting") return w.connecting({ server: host });
  const { error, retryInMs = 0 } = status;
  return w.next({ problem: error?.message ?? w.broken, time: seconds(retryInMs) });
}

const replies = ({ captions }: Sending): TemplateResult => html`<ul
  class="vila-replies"
  role="log"
  aria-label=${w.replies}
  tabindex="0"
  data-testid="vila-replies"
>
  ${
    captions.length
      ? captions.map(
          ({ text, at }) => html`<li>
            <time class="look-facts">${new Date(at).toLocaleTimeString(locale())}</time> <span dir="auto">${text}</span>
          </li>`,
        )
      : html`<li class="caption-idle">${w.noReply}</li>`
  }
</ul>`;

function form(sending: Sending): TemplateResult {
  const { server } = sending;
  return html`<form
    class="server"
    @submit=${(event: Event) => void save(event, sending)}
  >
    <p class="note">
      ${w.about({ leaves: html`<strong>${w.leaves}</strong>` })}
    </p>
    ${serverFields({ name: "vila", example: "wss://api-vila.openmind.com", url: server?.url, hasKey: server?.hasKey })}
    ${!server && sending.failure ? failureLine(sending.failure, "vila-failure") : nothing}
    <div class="card-actions">
      <button type="submit" class="button primary" data-testid="vila-save">${w.save}</button>
      ${
        server
          ? html`<button type="button" class="button" data-testid="vila-forget" @click=${() => void sending.forget()}>
              ${w.forget}
            </button>`
          : nothing
      }
    </div>
  </form>`;
}

async function save(event: Event, sending: Sending): Promise<void> {
  event.preventDefault();
  const target = event.target as HTMLFormElement;
  const fields = new FormData(target);
  const text = (name: string) => String(fields.get(name) ?? "").trim();
  if (!(await sending.save(text("url"), text("key")))) return;
  // A key that was pasted with the address is kept apart from it too.
  for (const name of ["url", "key"]) {
    const field = target.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (field) field.value = name === "url" ? (sending.server?.url ?? "") : "";
  }
  const around = target.closest("details");
  if (around) around.open = false;
}
