/**
 * The card that asks for a decision: a tool wants to act. It says whose tool it is and shows all of what the tool is
 * given; nothing that was typed or clicked before it could be read decides.
 */
import { html, nothing, type PropertyValues } from "lit";
import type { Approval } from "../../sdk/index.ts";
import { icons } from "./icons.ts";
import { LightElement } from "./light-element.ts";
import { options, w } from "./words/approval.ts";

/** Milliseconds that nobody reads in: what comes sooner was meant for what was there before. */
const UNREAD_MS = 500;

const OPTIONS: Readonly<Record<string, string | undefined>> = options;

const grants = (option: string): boolean => /^allow/i.test(option);

class ApprovalCard extends LightElement {
  static override properties = { approval: { attribute: false }, armed: { state: true } };
  declare approval: Approval;
  /** The options can be chosen. */
  declare private armed: boolean;
  #arming = 0;

  constructor() {
    super();
    this.armed = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#arming);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("approval") || changed.get("approval")?.id === this.approval.id) return;
    this.armed = false;
    clearTimeout(this.#arming);
    this.#arming = window.setTimeout(() => {
      this.armed = true;
    }, UNREAD_MS);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("approval")) return;
    const card = this.querySelector<HTMLElement>("[data-testid=approval]");
    // The card itself, not an option: a key that was meant for the composer must not decide.
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "nearest" });
    this.querySelector(".approval-details")?.scrollTo(0, 0);
  }

  override render() {
    const { tool, agent, details, prompt, options: given } = this.approval;
    const first = given.findIndex(grants);
    return html`<section
      class="card approval"
      role="alertdialog"
      aria-labelledby="approval-title"
      aria-describedby="approval-about"
      tabindex="-1"
      data-testid="approval"
    >
      ${icons.shield}
      <div>
        <p class="card-title" id="approval-title">${w.title}</p>
        ${
          tool === undefined
            ? html`<p id="approval-about" class="approval-details plain" tabindex="0">${prompt}</p>`
            : html`<p id="approval-about">
                  ${w[details === "{}" ? "wants" : "wantsWith"]({
                    who: html`<bdi>${agent?.name ?? w.assistant}</bdi>`,
                    tool: html`<bdi class="approval-tool">${tool}</bdi>`,
                  })}
                </p>
                ${
                  details === "{}"
                    ? nothing
                    : html`<pre
                        class="approval-details"
                        dir="ltr"
                        tabindex="0"
                        role="region"
                        aria-label=${w.given({ tool })}
                        data-testid="approval-details"
                      >${details}</pre>`
                }`
        }
        <div class="card-actions">
          ${given.map(
            (option, index) => html`<button
              type="button"
              class=${index === first ? "button primary" : "button"}
              data-testid="approval-option"
              data-option=${option}
              ?disabled=${!this.armed}
              @click=${() => this.dispatchEvent(new CustomEvent("answer", { detail: option }))}
            >
              ${OPTIONS[option] ?? option}
            </button>`,
          )}
        </div>
      </div>
    </section>`;
  }
}

customElements.define("approval-card", ApprovalCard);
