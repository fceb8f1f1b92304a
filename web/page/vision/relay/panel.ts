/** Robots and scripts that send frames to this tab: who they are, what became of their frames, and the last reply. */
import { html, nothing, type TemplateResult } from "lit";
import { failureLine } from "../../kit/error-card.ts";
import { took } from "../../kit/format.ts";
import { icons } from "../../kit/icons.ts";
import { locale } from "../../kit/language.ts";
import type { RelayConnection } from "./connection.ts";
import type { RelayClient } from "./protocol.ts";
import { states, w } from "./words.ts";

export function relayPanel(relay: RelayConnection): TemplateResult {
  const { state, clients, failure } = relay;
  const runs = state === "connecting" || state === "on" || state === "lost";
  return html`<section class="relay" aria-labelledby="relay-title" data-testid="relay" data-state=${state}>
    <header class="panel-head">
      <h2 id="relay-title"><span class="lamp" aria-hidden="true"></span>${w.title}</h2>
      <button
        type="button"
        class=${runs ? "button" : "button primary"}
        data-testid=${runs ? "relay-end" : "relay-start"}
        @click=${() => (runs ? relay.end() : relay.start())}
      >
        ${runs ? icons.stop : icons.retry} ${runs ? w.end : w.again}
      </button>
    </header>
    <p class="note" role="status" data-testid="relay-words">${states[state]}</p>
    ${state === "on" ? connected(relay.address, clients) : nothing} ${last(relay)}
    ${failure ? failureLine(failure, "relay-failure") : nothing}
  </section>`;
}

function connected(address: string, clients: readonly RelayClient[]): TemplateResult {
  if (!clients.length) {
    return html`<p class="note">${w.nobody({ address: html`<code dir="ltr">${address}</code>` })}</p>`;
  }
  return html`<ul class="relay-clients" data-testid="relay-clients">
    ${clients.map(
      ({ id, name, frames, dropped, unreadable, replies }) => html`<li>
        <span class="relay-name">${name}</span>
        <span class="look-facts" data-client=${id}>
          ${w.frames({ count: frames })} · ${w.dropped({ figure: dropped })} · ${w.replies({ count: replies })}
          ${unreadable ? html` · ${w.unreadable({ figure: unreadable })}` : nothing}
        </span>
      </li>`,
    )}
  </ul>`;
}

function last({ last: look, clients }: RelayConnection): TemplateResult | typeof nothing {
  if (!look) return nothing;
  const from = clients.find(({ id }) => id === look.client)?.name;
  const facts = [look.at.toLocaleTimeString(locale()), took(look.ms), from ?? ""];
  return html`<div class="look relay-last">
    <img src=${look.url} alt=${w.last} width="80" height="60" data-testid="relay-frame" />
    <div class="look-words">
      <p data-testid="relay-reply">${look.text || w.noWords}</p>
      <p class="look-facts">${facts.filter(Boolean).join(" · ")}</p>
    </div>
  </div>`;
}
