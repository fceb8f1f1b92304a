/** What a model thought before it answered: folded, with the time that it took. */
import { html, type PropertyValues } from "lit";
import { seconds } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { w } from "./words/parts.ts";

class ThoughtRow extends LightElement {
  static override properties = {
    text: { attribute: false },
    ms: { attribute: false },
    runs: { attribute: false },
  };
  /** As it is drawn. */
  declare text: unknown;
  declare ms: number | null;
  /** The model still thinks. */
  declare runs: boolean;

  override render() {
    return html`<details class="tool-call thought" data-testid="thought">
      <summary>
        <span data-testid="thought-time">${this.#words}</span><span class="chevron">${icons.chevron}</span>
      </summary>
      <div class="thought-text" tabindex="0" role="region" dir="auto" aria-label=${w.thinking}>${this.text}</div>
    </details>`;
  }

  get #words(): string {
    if (this.runs) return w.thinkingNow;
    if (this.ms === null) return w.thought;
    return this.ms < 950 ? w.thoughtMoment : w.thoughtFor({ time: seconds(this.ms) });
  }

  /** Who reads along sees the end. */
  protected override updated(changed: PropertyValues<this>): void {
    const box = this.querySelector(".thought-text");
    if (box && changed.has("text") && this.runs) box.scrollTop = box.scrollHeight;
  }
}

customElements.define("thought-row", ThoughtRow);
