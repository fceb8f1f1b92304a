/** Robots and scripts that send frames to this tab: who they are, what became of their frames, and the last reply. */
import { html, nothing, type TemplateResult } from "lit";
import { failureLine } from "../../kit/error-card.ts";
import { took } from "../../kit/format.ts";
import { icons } from "../../kit/icons.ts";
import type { RelayConnection, RelayState } from "./connection.ts";
import type { RelayClient } from "./protocol.ts";

const WORDS: Readonly<Record<RelayState, string>> = {
  connecting: "Connecting to the endpoint on this machine…",
  on: "This tab answers, also while it is out of sight.",
  lost: "The endpoint on this machine does not answer. Is “build.py vila” running? It is tried again.",
  taken: "Another tab answers now.",
  ended: "This tab does not answer any more.",
};

export function relayPanel(relay: RelayConnection): TemplateResult {
  const { state, clients, failure } = relay;
  const runs = state === "connecting" || state === "on" || state === "lost";
  return html`<section class="relay" aria-labelledby="relay-title" data-testid="relay" data-state=${state}>
    <header class="panel-head">
      <h2 id="relay-title"><span class="lamp" aria-hidden="true"></span>Robots and scripts</h2>
      <button
        type="button"
        class=${runs ? "button" : "button primary"}
        data-testid=${runs ? "relay-end" : "relay-start"}
        @click=${() => (runs ? relay.end() : relay.start())}
      >
        ${runs ? icons.stop : icons.retry} ${runs ? "End" : "Answer again"}
      </button>
    </header>
    <p class="note" role="status" data-testid="relay-words">${WORDS[state]}</p>
    ${state === "on" ? connected(relay.address, clients) : nothing} ${last(relay)}
    ${failure ? failureLine(failure, "relay-failure") : nothing}
  </section>`;
}

function connected(address: string, clients: readonly RelayClient[]): TemplateResult {
  if (!clients.length) {
    return html`<p class="note">Nobody is connected. They reach it at <code>${address}</code>.</p>`;
  }
  return html`<ul class="relay-clients" data-testid="relay-clients">
    ${clients.map(
      ({ id, name, frames, dropped, unreadable, replies }) => html`<li>
        <span class="relay-name">${name}</span>
        <span class="look-facts" data-client=${id}>
          ${figure(frames, "frame")} · ${dropped.toLocaleString()} dropped · ${figure(replies, "reply", "replies")}
          ${unreadable ? html` · ${unreadable.toLocaleString()} unreadable` : nothing}
        </span>
      </li>`,
    )}
  </ul>`;
}

const figure = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString()} ${count === 1 ? one : many}`;

function last({ last: look, clients }: RelayConnection): TemplateResult | typeof nothing {
  if (!look) return nothing;
  const from = clients.find(({ id }) => id === look.client)?.name;
  const facts = [look.at.toLocaleTimeString(), took(look.ms), from ?? ""];
  return html`<div class="look relay-last">
    <img src=${look.url} alt="The last frame" width="80" height="60" data-testid="relay-frame" />
    <div class="look-words">
      <p data-testid="relay-reply">${look.text || "It found no words."}</p>
      <p class="look-facts">${facts.filter(Boolean).join(" · ")}</p>
    </div>
  </div>`;
}
