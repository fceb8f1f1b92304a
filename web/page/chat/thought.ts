/** What a model thought before it answered: folded, with the time that it took. */
import { html, type PropertyValues } from "lit";
import { seconds } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import type { ThinkingPart } from "../state/transcript.ts";
import { inSlices } from "./slices.ts";

class ThoughtRow extends LightElement {
  static override properties = { thought: { attribute: false }, runs: { attribute: false } };
  declare thought: ThinkingPart;
  /** The model still thinks. */
  declare runs: boolean;

  override render() {
    return html`<details class="tool-call thought" data-testid="thought">
      <summary>
        <span data-testid="thought-time">${this.#words}</span><span class="chevron">${icons.chevron}</span>
      </summary>
      <div class="thought-text" tabindex="0" role="region" aria-label="Thinking">${inSlices(this.thought.text)}</div>
    </details>`;
  }

  get #words(): string {
    const { ms } = this.thought;
    if (this.runs) return "Thinking…";
    if (ms === null) return "Thought";
    return `Thought for ${ms < 950 ? "a moment" : seconds(ms)}`;
  }

  /** Who reads along sees the end. */
  protected override updated(changed: PropertyValues<this>): void {
    const box = this.querySelector(".thought-text");
    if (box && changed.has("thought") && this.runs) box.scrollTop = box.scrollHeight;
  }
}

customElements.define("thought-row", ThoughtRow);
