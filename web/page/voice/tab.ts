/** The Voice tab: the open conversation, spoken. What is heard and said always stands there to be read. */
import { html, nothing, type TemplateResult } from "lit";
import "../kit/approval-card.ts";
import { errorCard } from "../kit/error-card.ts";
import { onFrame } from "../kit/frame.ts";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { onePer } from "../kit/one-per.ts";
import { progressWords, statusProgress } from "../kit/progress.ts";
import { microphone } from "../kit/sound-icons.ts";
import { HOME } from "../state/route.ts";
import type { TabElement } from "../state/tab.ts";
import type { Workbench } from "../state/workbench.ts";
import { heldKey } from "./held-key.ts";
import { Talk } from "./talk.ts";
import { stateWords, w } from "./words.ts";

const talkOf = onePer((workbench: Workbench) => new Talk(workbench));

/** How much of the ring a level fills: speech is some tenth of what a microphone could take. */
const ringOf = (level: number): number => Math.min(1, Math.sqrt(level) * 1.6);

class VoiceTab extends LightElement implements TabElement {
  static override properties = { workbench: { attribute: false } };
  declare workbench: Workbench;
  #talk!: Talk;
  #left = new AbortController();
  readonly #redraw = onFrame(() => this.requestUpdate());

  override connectedCallback(): void {
    super.connectedCallback();
    this.#left = new AbortController();
    const { signal } = this.#left;
    this.#talk = talkOf(this.workbench);
    this.#talk.addEventListener("change", this.#redraw, { signal });
    this.#talk.addEventListener("level", this.#showLevel, { signal });
    this.workbench.addEventListener("change", this.#redraw, { signal });
    addEventListener("keydown", this.#onKey, { signal });
    addEventListener("keyup", this.#onKey, { signal });
    // Another window gets the key's end, or the finger's.
    addEventListener("blur", () => this.#talk.release(), { signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
    // A microphone that nobody sees is nobody's wish.
    this.#talk.stop();
  }

  focusField(): void {
    this.querySelector<HTMLElement>("[data-testid=voice-button]")?.focus();
  }

  /** Escape: first the answer, then the conversation. */
  stop(): void {
    if (["thinking", "speaking", "asking"].includes(this.#talk.state)) this.#talk.interrupt();
    else this.#talk.stop();
  }

  protected override willUpdate(): void {
    this.#talk.stopUnless(this.workbench.thread);
  }

  override render() {
    const { state, failure, handsFree } = this.#talk;
    const on = state !== "idle";
    return html`<div class="scroll">
      <div class="tab-column voice" data-testid="voice" data-state=${state}>
        <div class="voice-stage">
          ${this.#button(on)}
          <p class="voice-state" data-testid="voice-state">${this.#words()}</p>
          <div class="voice-controls">
            <label class="voice-hands">
              <input
                type="checkbox"
                role="switch"
                data-testid="hands-free"
                .checked=${handsFree}
                @change=${(event: Event) => this.#talk.choose((event.target as HTMLInputElement).checked)}
              />
              ${w.handsFree}
            </label>
            ${on ? this.#whileOn() : nothing}
          </div>
        </div>
        ${
          failure
            ? errorCard(
                failure,
                () => this.#again(),
                () => this.#talk.dismiss(),
                "retry",
              )
            : nothing
        }
        ${this.#approval()} ${this.#captions()}
      </div>
    </div>`;
  }

  /** A model that is still on its way says how far it is. */
  #words(): TemplateResult {
    const { state, handsFree } = this.#talk;
    const { status } = this.workbench;
    const waits =
      ["transcribing", "thinking"].includes(state) && ["downloading", "loading"].includes(status.phase);
    return waits ? statusProgress(status) : progressWords(stateWords(state, handsFree), "");
  }

  #button(on: boolean): TemplateResult {
    const byHand = on && !this.#talk.handsFree;
    const label = byHand ? w.hold : on ? w.stop : w.start;
    return html`<button
      type="button"
      class="voice-button"
      data-testid="voice-button"
      aria-label=${label}
      title=${label}
      aria-pressed=${byHand ? nothing : on}
      ?disabled=${!this.workbench.alcove}
      @click=${() => !byHand && this.#toggle()}
      @pointerdown=${(event: PointerEvent) => byHand && this.#hold(event)}
      @pointerup=${() => this.#talk.release()}
      @pointercancel=${() => this.#talk.release()}
      @contextmenu=${(event: Event) => byHand && event.preventDefault()}
    >
      ${on && !byHand ? icons.stop : microphone}
    </button>`;
  }

  #whileOn(): TemplateResult {
    const { state, handsFree } = this.#talk;
    return html`${
      ["thinking", "speaking", "asking"].includes(state)
        ? html`<button
              type="button"
              class="button"
              data-testid="voice-interrupt"
              @click=${() => this.#talk.interrupt()}
            >
              ${w.stopAnswer}
            </button>`
        : nothing
    }
      ${
        handsFree
          ? nothing
          : html`<button type="button" class="button" data-testid="voice-stop" @click=${() => this.#talk.stop()}>
              ${w.end}
            </button>`
      }`;
  }

  #approval(): TemplateResult | typeof nothing {
    const { thread } = this.workbench;
    if (!thread.approval || this.#talk.state === "idle") return nothing;
    return html`<approval-card
      .approval=${thread.approval}
      @answer=${({ detail }: CustomEvent<string>) => thread.respond(detail)}
    ></approval-card>`;
  }

  #captions(): TemplateResult {
    const { heard, final, answer, saying } = this.#talk;
    if (!heard && !answer) {
      return html`<p class="note">${w.about}</p>`;
    }
    return html`<div class="voice-captions">
      <p class="voice-heard" data-final=${final} data-testid="voice-heard">${heard}</p>
      <p class="voice-answer" data-testid="voice-answer" aria-live="off">${marked(answer, saying)}</p>
      <button
        type="button"
        class="button"
        data-testid="voice-read"
        @click=${() => this.workbench.openTab(HOME)}
      >
        ${w.show}
      </button>
    </div>`;
  }

  #toggle(): void {
    if (this.#talk.state === "idle") void this.#talk.start();
    else this.#talk.stop();
  }

  #again(): void {
    this.#talk.dismiss();
    if (this.#talk.state === "idle") void this.#talk.start();
  }

  #hold(event: PointerEvent): void {
    if (event.button !== 0) return;
    // Whoever slides off the button lets go of it all the same.
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.#talk.press();
  }

  /** The space bar is held as the button is, where it has the focus. */
  readonly #onKey = (event: KeyboardEvent): void => {
    const { state, handsFree } = this.#talk;
    const here = event.target instanceof HTMLElement && event.target.matches("[data-testid=voice-button]");
    const meant = handsFree || state === "idle" ? null : heldKey(event, here);
    if (meant && here) event.preventDefault();
    if (meant === "release") this.#talk.release();
    if (meant === "press") this.#talk.press();
  };

  /** Thirty times a second: nothing but the ring is drawn. */
  readonly #showLevel = (): void => {
    this.querySelector<HTMLElement>(".voice-button")?.style.setProperty(
      "--level",
      `${ringOf(this.#talk.level)}`,
    );
  };
}

/** The answer, and in it what is being said. */
function marked(answer: string, saying: string): TemplateResult {
  const at = saying ? answer.indexOf(saying) : -1;
  if (at < 0) return html`${answer}`;
  const end = at + saying.length;
  return html`${answer.slice(0, at)}<mark>${saying}</mark>${answer.slice(end)}`;
}

customElements.define("voice-tab", VoiceTab);
