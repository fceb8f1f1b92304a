/** One MCP server: the switch that gives it to the conversation, and what it offers. */
import { html, nothing, type TemplateResult } from "lit";
import type { McpServer } from "../../sdk/index.ts";
import { icons } from "../kit/icons.ts";
import { servers as w } from "./words/sheets.ts";

interface Acts {
  on: boolean;
  /** The conversation's tools cannot be changed now. */
  fixed: boolean;
  waiting: boolean;
  use(): void;
  choose(tools: string[]): void;
  look(): void;
  signIn(): void;
  forget(): void;
  prompt(name: string, given: Record<string, string>): void;
  attach(uri: string): void;
}

export function serverRow(server: McpServer, acts: Acts): TemplateResult {
  const { id, name, url } = server;
  return html`<li class="server-item" data-testid="mcp-server" data-state=${server.state}>
    <label class="tools-row">
      <input type="checkbox" role="switch" data-testid="mcp-use-${id}" .checked=${acts.on} @change=${acts.use}
        ?disabled=${acts.fixed}
      />
      <span class="tools-words">
        <bdi class="tools-title">${name}</bdi>
        <bdi class="tools-about server-url">${url}</bdi>
        <span class="tools-may"><span data-testid="mcp-state">${stateWords(server)}</span></span>
      </span>
    </label>
    ${server.state === "ready" ? offers(server, acts) : nothing}
    <div class="server-actions">
      ${
        server.state === "ready"
          ? nothing
          : server.signInAt
            ? html`<button type="button" class="button" data-testid="mcp-sign-in" @click=${acts.signIn}>
              ${w.signIn({ server: new URL(server.signInAt).host })}
            </button>`
            : html`<button type="button" class="text-button" ?disabled=${acts.waiting} @click=${acts.look}>${w.askAgain}</button>`
      }
      <button type="button" class="text-button" data-testid="mcp-forget" ?disabled=${acts.waiting} @click=${acts.forget}>
        ${w.forget}
      </button>
    </div>
  </li>`;
}

function stateWords({ state, error, tools, prompts, resources }: McpServer): string {
  if (state === "unknown") return w.unknown;
  if (state !== "ready") return error ? `${error.message} ${error.action}` : w.unreachable;
  const on = tools.filter((tool) => tool.on).length;
  const all = tools.length ? w.tools({ count: tools.length }) : "";
  const said = [
    on < tools.length ? w.chosen({ tools: all, chosen: on }) : all,
    prompts.length ? w.prompts({ count: prompts.length }) : "",
    resources.length ? w.files({ count: resources.length }) : "",
  ];
  return said.filter(Boolean).join(" · ") || w.nothing;
}

function offers({ id, tools, refused, prompts, resources }: McpServer, acts: Acts): TemplateResult {
  const chosen = tools.filter(({ on }) => on).map(({ name }) => name);
  return html`<details class="server-offers" data-testid="mcp-offers-${id}">
    <summary>${w.offers}</summary>
    ${tools.map(
      ({ name, title, description, on }) => html`<label class="server-tool">
        <input type="checkbox" .checked=${on} ?disabled=${acts.waiting}
          @change=${() => acts.choose(on ? chosen.filter((each) => each !== name) : [...chosen, name])}
        />
        <span><bdi class="tools-title">${title}</bdi> <bdi class="tools-about">${description}</bdi></span>
      </label>`,
    )}
    ${refused.map(({ name, reason }) => html`<p class="tools-about">${w.leftOut({ name: html`<bdi>${name}</bdi>`, reason })}</p>`)}
    ${prompts.map((prompt) => promptRow(prompt, acts))}
    ${resources.map(
      ({ uri, title, description }) => html`<div class="server-use">
        <span><bdi class="tools-title">${title}</bdi> <bdi class="tools-about">${description}</bdi></span>
        <button type="button" class="button" data-testid="mcp-attach" ?disabled=${acts.waiting}
          @click=${() => acts.attach(uri)}
        >
          ${icons.attach} ${w.attach}
        </button>
      </div>`,
    )}
  </details>`;
}

function promptRow(prompt: McpServer["prompts"][number], acts: Acts): TemplateResult {
  const submit = (event: Event) => {
    event.preventDefault();
    const given = [...new FormData(event.target as HTMLFormElement)].map(([name, value]) => [
      name,
      String(value),
    ]);
    acts.prompt(prompt.name, Object.fromEntries(given.filter(([, value]) => value)));
  };
  return html`<form class="server-use" @submit=${submit}>
    <span><bdi class="tools-title">${prompt.title}</bdi> <bdi class="tools-about">${prompt.description}</bdi></span>
    ${prompt.arguments.map(
      ({ name, required }) => html`<input class="field" name=${name} aria-label=${name} placeholder=${name}
        autocomplete="off" ?required=${required}
      />`,
    )}
    <button type="submit" class="button" data-testid="mcp-prompt" ?disabled=${acts.waiting}>${w.write}</button>
  </form>`;
}
