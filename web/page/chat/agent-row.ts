/** A sub-agent at work: who it is and how far, in one row that opens to its task, its steps and what it says. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import type { AgentPart, Part } from "../state/transcript.ts";
import { w } from "./words/parts.ts";

class AgentRow extends LightElement {
  static override properties = {
    agent: { attribute: false },
    drawn: { attribute: false },
    open: { state: true },
  };
  declare agent: AgentPart;
  /** Draws what it said and did, as an answer is drawn. */
  declare drawn: (parts: readonly Part[], streaming: boolean) => TemplateResult[];
  declare private open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  override render() {
    const { name, task, parts, state, error } = this.agent;
    const steps = parts.filter(({ kind }) => kind === "tool").length;
    const done = steps && state !== "running" ? ` · ${w.steps({ count: steps })}` : "";
    return html`<details
      class="tool-call agent"
      data-testid="agent"
      data-state=${state}
      @toggle=${this.#onToggle}
    >
      <summary>
        ${icons.agent}<bdi class="tool-name">${name}</bdi><span class="tool-state">${state === "running" ? w.atWork : w[state]}${done}</span>
        ${state === "running" ? html`<span class="agent-now">${now(parts)}</span>` : nothing}
        <span class="chevron">${icons.chevron}</span>
      </summary>
      ${
        // What nobody looks at is not drawn: it may be long, and grows.
        this.open
          ? html`<div class="agent-work" role="group" aria-label=${w.did({ name })}>
              ${task ? html`<p class="tool-part">${w.task}</p><p class="agent-task plain" dir="auto">${task}</p>` : nothing}
              ${this.drawn(parts, state === "running")}
            </div>`
          : nothing
      }
    </details>
      ${error ? html`<p class="agent-error" data-testid="agent-error">${error}</p>` : nothing}`;
  }

  readonly #onToggle = (event: Event): void => {
    const details = event.currentTarget as HTMLDetailsElement;
    // Those of its own steps and sub-agents tell it too.
    if (event.target === details) this.open = details.open;
  };
}

/** What it does just now, in a few words. */
function now(parts: readonly Part[]): string {
  const last = parts.at(-1);
  if (!last) return "";
  if (last.kind === "tool") return last.state === "running" ? w.uses({ tool: last.name }) : "";
  if (last.kind === "thinking") return w.thinks;
  const end = last.text.slice(-80);
  return end.length < last.text.length ? `…${end.replace(/^\S*\s/, "")}` : end;
}

customElements.define("agent-row", AgentRow);
