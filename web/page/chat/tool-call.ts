import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import type { AgentPart, ToolPart } from "../state/transcript.ts";
import { answered, w } from "./words/chat.ts";

const ANSWERED: Readonly<Record<string, string | undefined>> = answered;

const shown = (value: unknown): string =>
  typeof value === "string" ? value : (JSON.stringify(value, null, 2) ?? "");

/** What cannot be seen, or turns the writing round, as the approval card spells it. */
const spelled = (json: string): string =>
  json.replace(
    /(?!\n)[\p{C}\p{Zl}\p{Zp}]/gu,
    (char) => `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );

const section = (title: string, value: unknown): TemplateResult | typeof nothing =>
  value === undefined
    ? nothing
    : html`<p class="tool-part">${title}</p>
        <pre dir="auto" tabindex="0" role="region" aria-label=${title}>${shown(value)}</pre>`;

/** One tool call: a row that opens to what went in and what came out. What it drew stands below, and who worked for it. */
export function toolRow(
  { name, input, result, state, approval, drawn = [], agents = [] }: ToolPart,
  agentRow: (agent: AgentPart) => TemplateResult,
): TemplateResult {
  const answer = approval && ` · ${ANSWERED[approval] ?? approval}`;
  return html`<details class="tool-call" data-testid="tool-call" data-state=${state}>
    <summary>
      ${icons.tool}<span class="tool-name">${name}</span><span class="tool-state">${w[state]}${answer}</span>
      <span class="chevron">${icons.chevron}</span>
    </summary>
    ${section(w.input, input && spelled(shown(input)))} ${section(w.result, result)}
    </details>
    ${drawn.map((url) => html`<img class="drawn" src=${url} alt=${w.drawnBy({ tool: name })} data-testid="drawn" />`)}
    ${agents.map(agentRow)}`;
}
