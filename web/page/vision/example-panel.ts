/** The examples, each with what it does, its source, a way to run it, and what it printed. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove } from "../../sdk/index.ts";
import { icons as common } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { common as buttons } from "../kit/words/common.ts";
import { EXAMPLES, type Example, ExampleRun } from "./examples.ts";
import { icons } from "./icons.ts";
import { w } from "./words.ts";

class VisionExamples extends LightElement {
  static override properties = { alcove: { attribute: false }, run: { state: true } };
  declare alcove: Promise<Alcove>;
  /** The one that runs, or ran last: there is one Python. */
  declare private run: ExampleRun | null;

  constructor() {
    super();
    this.run = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    if (this.run && !this.run.ended) this.run.stop();
  }

  override render() {
    if (!EXAMPLES.length) return nothing;
    return html`<details class="examples" data-testid="examples">
      <summary><span class="chevron">${common.chevron}</span>${w.examples}</summary>
      <p class="note">${w.aboutExamples}</p>
      <ul>
        ${EXAMPLES.map((example) => this.#example(example))}
      </ul>
    </details>`;
  }

  #example(example: Example): TemplateResult {
    const { name, title, sentence, source } = example;
    const run = this.run?.example === example ? this.run : null;
    return html`<li class="example-item" data-testid="vision-example" data-name=${name}>
      <div class="example-head">
        <div>
          <h3>${title}</h3>
          <p class="note">${sentence}</p>
        </div>
        ${this.#button(example, run)}
      </div>
      <details class="example-source">
        <summary>${w.source}</summary>
        <pre tabindex="0" role="region" aria-label=${w.sourceOf({ title })} dir="ltr">${source}</pre>
      </details>
      ${run ? this.#result(run) : nothing}
    </li>`;
  }

  /** One button, so that the keyboard stays where it is. */
  #button(example: Example, run: ExampleRun | null): TemplateResult {
    const running = run !== null && !run.ended;
    const elsewhere = this.run !== null && !this.run.ended && !run;
    return html`<button
      type="button"
      class="button"
      data-testid=${running ? "example-stop" : "example-run"}
      aria-label=${w[running ? "stopIt" : "runIt"]({ title: example.title })}
      ?disabled=${elsewhere || (run?.stopping === true && running)}
      @click=${() => (running ? run.stop() : this.#start(example))}
    >
      ${running ? common.stop : icons.play} ${running ? (run.stopping ? w.stopping : buttons.stop) : w.run}
    </button>`;
  }

  #result({ output, ended, why, failure, example }: ExampleRun): TemplateResult {
    const words = failure ? `${failure.message} ${failure.action}` : why;
    return html`<div class="example-result" data-testid="example-result" data-ended=${ended ?? ""}>
      ${
        output
          ? html`<pre tabindex="0" role="region" aria-label=${w.outputOf({ title: example.title })} data-testid="example-output">${output}</pre>`
          : nothing
      }
      ${ended ? nothing : html`<p class="note" role="status">${w.running}</p>`}
      ${ended === "stopped" ? html`<p class="note" role="status">${w.ended}</p>` : nothing}
      ${
        ended === "failed"
          ? html`<p class="model-why failed" role="alert">${common.alert}<span>${w.failed({ why: words })}</span></p>`
          : nothing
      }
    </div>`;
  }

  #start(example: Example): void {
    const run = new ExampleRun(this.alcove, example);
    run.addEventListener("change", () => this.requestUpdate());
    this.run = run;
  }
}

customElements.define("vision-examples", VisionExamples);
