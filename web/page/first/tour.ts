/** Three places of the page, pointed at one after the other. It comes when it is asked for, and never by itself. */
import { html } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { w } from "./words.ts";

/** What it points at: the first of the selectors that is to be seen, with its words. */
const STOPS = [
  { at: ["[data-testid=model-button]"], title: "tourModel", words: "tourModelWords" },
  { at: ["chat-composer"], title: "tourWrite", words: "tourWriteWords" },
  {
    at: [".sidebar:not([inert]) .tab-links", ".tab-switch"],
    title: "tourTabs",
    words: "tourTabsWords",
  },
] as const;

/** Pixels between a place, the ring around it and the words beside it. */
const GAP = 8;

class FirstTour extends LightElement {
  static override properties = { at: { state: true } };
  /** Index of the stop. */
  declare private at: number;
  readonly #left = new AbortController();

  constructor() {
    super();
    this.at = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("resize", () => this.#place(), { signal: this.#left.signal });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#left.abort();
  }

  protected override firstUpdated(): void {
    this.#dialog.showModal();
  }

  protected override updated(): void {
    this.#place();
    this.querySelector<HTMLElement>("h2")?.focus();
  }

  get #dialog(): HTMLDialogElement {
    return this.querySelector("dialog") as HTMLDialogElement;
  }

  override render() {
    const stop = STOPS[this.at] ?? STOPS[0];
    const last = this.at === STOPS.length - 1;
    return html`<dialog
      class="tour"
      data-testid="tour"
      aria-labelledby="tour-title"
      aria-describedby="tour-words"
      @close=${() => this.dispatchEvent(new Event("closed"))}
      @keydown=${keepEscape}
    >
      <span class="tour-ring" aria-hidden="true"></span>
      <div class="tour-card">
        <header class="tour-head">
          <h2 id="tour-title" tabindex="-1">${w[stop.title]}</h2>
          ${smallButton({ icon: icons.close, testId: "tour-close", label: w.end }, () => this.#dialog.close())}
        </header>
        <p id="tour-words">${w[stop.words]}</p>
        <div class="card-actions">
          <span class="note">${w.at({ at: this.at + 1, all: STOPS.length })}</span>
          ${
            this.at > 0
              ? html`<button type="button" class="button" data-testid="tour-back" @click=${() => this.#go(-1)}>
                  ${w.back}
                </button>`
              : ""
          }
          <button
            type="button"
            class="button primary"
            data-testid="tour-next"
            @click=${() => (last ? this.#dialog.close() : this.#go(1))}
          >
            ${last ? w.done : w.next}
          </button>
        </div>
      </div>
    </dialog>`;
  }

  #go(by: number): void {
    this.at += by;
  }

  /** Rings the place, and puts the words where there is room beside it. */
  #place(): void {
    const card = this.querySelector<HTMLElement>(".tour-card");
    const ring = this.querySelector<HTMLElement>(".tour-ring");
    if (!card || !ring) return;
    const place = seen(STOPS[this.at]?.at ?? []);
    ring.hidden = !place;
    const { x, y, right, bottom } = place ?? new DOMRect(innerWidth / 2, innerHeight / 2, 0, 0);
    move(ring, x - GAP, y - GAP);
    ring.style.setProperty("width", `${right - x + 2 * GAP}px`);
    ring.style.setProperty("height", `${bottom - y + 2 * GAP}px`);
    const { width, height } = card.getBoundingClientRect();
    const below = bottom + 2 * GAP;
    const above = y - height - 2 * GAP;
    const top = below + height < innerHeight ? below : above > 0 ? above : innerHeight - height - GAP;
    move(card, Math.max(GAP, Math.min(x, innerWidth - width - GAP)), Math.max(GAP, top));
  }
}

/** Where the first of the places is that is to be seen. */
function seen(places: readonly string[]): DOMRect | null {
  for (const place of places) {
    const box = document.querySelector(place)?.getBoundingClientRect();
    if (box && box.width > 0 && box.height > 0) return box;
  }
  return null;
}

function move(element: HTMLElement, left: number, top: number): void {
  element.style.setProperty("left", `${left}px`);
  element.style.setProperty("top", `${top}px`);
}

/** Escape ends the tour, and nothing behind it. */
const keepEscape = (event: KeyboardEvent): void => {
  if (event.key === "Escape") event.stopPropagation();
};

customElements.define("first-tour", FirstTour);

/** Shows the tour; the focus comes back to `opener`. */
export function showTour(opener: HTMLElement): void {
  const tour = new FirstTour();
  tour.addEventListener("closed", () => {
    tour.remove();
    opener.focus();
  });
  document.body.append(tour);
}
