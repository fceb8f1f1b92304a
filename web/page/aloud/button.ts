/** The loudspeaker on an answer. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, Voice } from "../../sdk/index.ts";
import { size } from "../kit/format.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { progressWords, statusProgress } from "../kit/progress.ts";
import { smallButton } from "../kit/small-button.ts";
import { common } from "../kit/words/common.ts";
import { list } from "../kit/words.ts";
import { type Aloud, aloudOf } from "./aloud.ts";
import { chosenVoice } from "./voice.ts";
import { w } from "./words.ts";

class AloudButton extends LightElement {
  static override properties = {
    alcove: { attribute: false },
    text: { attribute: false },
    asked: { state: true },
  };
  declare alcove: Promise<Alcove>;
  declare text: string;
  /** The voice that must be fetched first, while the person is asked. */
  declare private asked: Voice | null;
  #aloud!: Aloud;
  #left = new AbortController();

  constructor() {
    super();
    this.asked = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#follow();
  }

  /** Where it stood in the page before its code came, it is given its properties no earlier than this. */
  protected override willUpdate(): void {
    if (!this.hasUpdated) this.#follow();
  }

  #follow(): void {
    this.#left = new AbortController();
    this.#aloud = aloudOf(this.alcove);
    this.#aloud.addEventListener("change", () => this.requestUpdate(), { signal: this.#left.signal });
  }

  /** Without it nobody could stop what it began. */
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    if (this.#aloud?.owner === this) this.#aloud.stop();
  }

  override render(): TemplateResult {
    const { phase, owner, status, failure, skipped } = this.#aloud;
    const own = owner === this;
    if (own && phase !== "silent") {
      const words = status ? statusProgress(status) : progressWords(common.preparing, "");
      return html`${smallButton({ icon: icons.stop, testId: "aloud-stop", label: w.stop, title: common.stop }, () => this.#aloud.stop())}
        ${phase === "coming" ? html`<span class="ending" data-testid="aloud-status">${words}</span>` : nothing}`;
    }
    return html`${smallButton({ icon: icons.sound, testId: "aloud", label: w.readAnswer, title: w.read }, () => void this.#press())}
      ${this.asked ? this.#question(this.asked) : nothing}
      ${own && failure ? html`<span class="ending" role="alert" data-testid="aloud-failed">${failure.message} ${failure.action}</span>` : nothing}
      ${own && skipped.length > 0 ? html`<span class="ending" role="status">${w.leftOut({ names: list(skipped) })}</span>` : nothing}`;
  }

  #question({ bytes }: Voice): TemplateResult {
    return html`<span class="aloud-ask" role="status">
      ${w.needs({ size: size(bytes) })}
      <button type="button" class="text-button" data-testid="aloud-fetch" @click=${() => this.#start()}>${w.fetch}</button>
      <button type="button" class="text-button" @click=${this.#decline}>${w.notNow}</button>
    </span>`;
  }

  readonly #decline = (): void => {
    this.asked = null;
  };

  async #press(): Promise<void> {
    this.#aloud.unlock();
    // Where the voices cannot be had, speaking says why.
    const voice = await chosenVoice(this.alcove).catch(() => undefined);
    if (!this.isConnected) return; // nobody could stop it
    if (voice && !voice.here) this.asked = voice;
    else this.#start();
  }

  #start(): void {
    this.asked = null;
    void this.#aloud.start(this, this.text);
  }
}

customElements.define("aloud-button", AloudButton);
