/** One agent of the list: who it is, what it may do, what it costs, and what can be done with it. */
import { html, nothing, type TemplateResult } from "lit";
import type { AgentEntry } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import type { Failure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { told } from "../kit/told.ts";
import { common } from "../kit/words/common.ts";
import { list } from "../kit/words.ts";
import { asksFor, cost, crowds, modelOf, serversOf, toolTitle, w } from "./words.ts";

export interface CardActions {
  chat(agent: AgentEntry): void;
  edit(agent: AgentEntry): void;
  duplicate(agent: AgentEntry): void;
  save(agent: AgentEntry): void;
  /** Asks first, unless it was confirmed. */
  remove(agent: AgentEntry, confirmed: boolean): void;
  keep(): void;
}

interface Card {
  agent: AgentEntry;
  /** Tokens of the model that answers now. */
  window: number | undefined;
  busy: boolean;
  failure: Failure | undefined;
  /** The person is asked whether it is to go. */
  asked: boolean;
  /** It was added just now. */
  added: boolean;
}

export const card = (
  { agent, window, busy, failure, asked, added }: Card,
  act: CardActions,
): TemplateResult => html`<li class="agent" data-testid="agent" data-agent=${agent.id} data-added=${added}>
  <h3 tabindex="-1">${agent.name}${added ? html` <span class="agent-new">${w.justAdded}</span>` : nothing}</h3>
  ${agent.description ? html`<p class="agent-about" dir="auto">${agent.builtIn ? told(agent.description) : agent.description}</p>` : nothing}
  <ul class="agent-facts">
    ${agent.tools.map(
      ({
        name,
        description,
        asks,
      }) => html`<li title=${description} data-testid="agent-tool" data-asks=${asks}>
        ${asks ? icons.shield : icons.tool}${asks ? w.asks({ tool: toolTitle(name) }) : toolTitle(name)}
      </li>`,
    )}
    ${agent.tools.length ? nothing : html`<li>${w.noTools}</li>`}
    ${modelFact(agent)} ${serverFact(agent)}
    <li class=${crowds(agent, window) ? "agent-crowds" : ""} data-testid="agent-tokens">${cost(agent, window)}</li>
  </ul>
  ${crowds(agent, window) ? html`<p class="note">${w.crowded}</p>` : nothing}
  ${asksFor(agent) ? html`<p class="note" data-testid="agent-own-servers">${asksFor(agent)}</p>` : nothing}
  ${leftOut(agent)} ${failure ? failureLine(failure, "agent-failure") : nothing}
  ${asked ? question(agent, act) : buttons(agent, busy, act)}
</li>`;

const modelFact = (agent: AgentEntry): TemplateResult | typeof nothing => {
  const model = modelOf(agent);
  return model ? html`<li>${w.answeredBy({ model: model.model || model.provider })}</li>` : nothing;
};

const serverFact = (agent: AgentEntry): TemplateResult | typeof nothing => {
  const hosts = serversOf(agent);
  return hosts.length
    ? html`<li data-testid="agent-servers">${w.asksServers({ count: hosts.length, names: list(hosts) })}</li>`
    : nothing;
};

const leftOut = ({ refused, mounted }: AgentEntry): TemplateResult | typeof nothing =>
  refused.length
    ? html`<details class="agent-refused" data-testid="agent-refused">
        <summary>${icons.alert}${w.leftOut({ count: refused.length })}</summary>
        <ul>
          ${refused.map(({ module, reason }) => html`<li><strong>${module}</strong>: ${reason}</li>`)}
        </ul>
        ${mounted.length ? html`<p>${w.mounted({ names: list(mounted) })}</p>` : nothing}
      </details>`
    : nothing;

const buttons = (
  agent: AgentEntry,
  busy: boolean,
  act: CardActions,
): TemplateResult => html`<div class="card-actions">
  <button type="button" class="button primary" data-testid="agent-chat" ?disabled=${busy} @click=${() => act.chat(agent)}>
    ${w.chat}
  </button>
  ${
    agent.builtIn
      ? nothing
      : html`<button type="button" class="button" data-testid="agent-edit" ?disabled=${busy} @click=${() => act.edit(agent)}>
          ${w.edit}
        </button>`
  }
  <button type="button" class="button" data-testid="agent-duplicate" ?disabled=${busy} @click=${() => act.duplicate(agent)}>
    ${w.duplicate}
  </button>
  <button type="button" class="icon-button" data-testid="agent-export" aria-label=${w.exportIt({ name: agent.name })} title=${w.export}
    ?disabled=${busy} @click=${() => act.save(agent)}
  >
    ${icons.down}
  </button>
  ${
    agent.builtIn
      ? nothing
      : html`<button type="button" class="icon-button" data-testid="agent-remove" aria-label=${common.removeIt({ name: agent.name })}
          title=${common.remove} ?disabled=${busy} @click=${() => act.remove(agent, false)}
        >
          ${icons.trash}
        </button>`
  }
</div>`;

const question = (
  agent: AgentEntry,
  act: CardActions,
): TemplateResult => html`<div class="model-ask" data-testid="agent-ask">
  <p>${w.ask({ name: agent.name })}</p>
  <div class="card-actions">
    <button type="button" class="button danger" data-testid="agent-remove-confirm" @click=${() => act.remove(agent, true)}>
      ${w.removeIt}
    </button>
    <button type="button" class="button agent-keep" @click=${() => act.keep()}>${common.keep}</button>
  </div>
</div>`;
