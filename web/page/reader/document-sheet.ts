/** Shows what a document says, a page at a time, with the place that was meant marked. */
import { html, nothing, type TemplateResult } from "lit";
import type { Alcove, OpenedDocument } from "../../sdk/index.ts";
import { failureLine } from "../kit/error-card.ts";
import { type Failure, toFailure } from "../kit/failure.ts";
import { icons } from "../kit/icons.ts";
import { Sheet } from "../kit/sheet.ts";
import { w } from "./words.ts";

/** A document, and where a place is meant `start` to `end` of its text, which then was `text`. */
interface Place {
  document: string;
  name: string;
  start?: number;
  end?: number;
  text?: string;
}

/** What is drawn at once: a sheet of 10,000 rows is one page. */
interface Leaf {
  page: number;
  start: number;
  end: number;
  title?: string;
}

/** Characters. */
const MOST = 20_000;

class DocumentSheet extends Sheet {
  static override properties = {
    alcove: { attribute: false },
    place: { attribute: false },
    opened: { state: true },
    at: { state: true },
    failure: { state: true },
  };
  declare alcove: Promise<Alcove>;
  declare place: Place;
  declare private opened: OpenedDocument | null;
  declare private at: number;
  declare private failure: Failure | null;
  #leaves: readonly Leaf[] = [];
  /** The place is to be brought into sight. */
  #jump = false;
  protected readonly name = "document";
  protected readonly testId = "document-sheet";

  constructor() {
    super();
    this.opened = null;
    this.at = 0;
    this.failure = null;
  }

  protected get heading(): string {
    return this.place.name;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#open();
  }

  async #open(): Promise<void> {
    try {
      const opened = await (await this.alcove).documents.open(this.place.document);
      this.#leaves = leavesOf(opened);
      this.place = found(this.place, opened.text);
      const { start } = this.place;
      const meant = start === undefined ? 0 : this.#leaves.findIndex((leaf) => start < leaf.end);
      this.at = Math.max(0, meant);
      this.#jump = start !== undefined;
      this.opened = opened;
    } catch (thrown) {
      this.failure = toFailure(thrown);
    }
  }

  protected override updated(): void {
    if (!this.#jump || !this.opened) return;
    this.#jump = false;
    this.querySelector("mark")?.scrollIntoView({ block: "center" });
  }

  protected override content(): TemplateResult {
    if (this.failure)
      return html`<div class="sheet-page">${failureLine(this.failure, "document-failure")}</div>`;
    const leaf = this.#leaves[this.at];
    if (!this.opened || !leaf) {
      const words = this.opened ? w.empty : w.opening;
      return html`<div class="sheet-page"><p class="note" role="status">${words}</p></div>`;
    }
    return html`${this.#pager(leaf)}
      <div class="sheet-page document-text" tabindex="0" role="region" aria-label=${this.#words(leaf)}
        data-testid="document-text">${this.#marked(leaf, this.opened.text)}</div>`;
  }

  #pager(leaf: Leaf): TemplateResult | typeof nothing {
    const last = this.#leaves.length - 1;
    if (last === 0) return nothing;
    const turn = (by: number) => () => {
      this.at = Math.min(last, Math.max(0, this.at + by));
      this.querySelector(".document-text")?.scrollTo(0, 0);
    };
    return html`<nav class="document-pager" aria-label=${w.pages}>
      <button type="button" class="icon-button" aria-label=${w.before} data-testid="page-before"
        ?disabled=${this.at === 0} @click=${turn(-1)}><span class="back">${icons.chevron}</span></button>
      <span role="status" data-testid="document-page">${this.#words(leaf)}</span>
      <button type="button" class="icon-button" aria-label=${w.next} data-testid="page-next"
        ?disabled=${this.at === last} @click=${turn(1)}>${icons.chevron}</button>
    </nav>`;
  }

  #words({ page, title }: Leaf): string {
    const parts = this.#leaves.filter((other) => other.page === page);
    const at = parts.indexOf(this.#leaves[this.at] as Leaf) + 1;
    const part = parts.length > 1 ? w.part({ part: at, parts: parts.length }) : "";
    const pages = this.opened?.sections.at(-1)?.page ?? 1;
    return `${title ? `${title} · ` : ""}${w.pageOf({ page, pages })}${part}`;
  }

  #marked({ start, end }: Leaf, text: string): TemplateResult {
    const within = (place: number) => Math.min(end, Math.max(start, place));
    const from = within(this.place.start ?? end);
    const to = within(this.place.end ?? from);
    const marked =
      to > from ? html`<mark data-testid="document-mark">${text.slice(from, to)}</mark>` : nothing;
    return html`${text.slice(start, from)}${marked}${text.slice(Math.max(from, to), end)}`;
  }
}

/** Where the place is in a document that may have another version since; nowhere when that does not say it any more. */
function found(place: Place, now: string): Place {
  const { document, name, start, end, text } = place;
  if (start === undefined || !text || now.slice(start, end) === text) return place;
  const at = now.indexOf(text);
  return at < 0 ? { document, name } : { document, name, start: at, end: at + text.length };
}

function leavesOf({ sections, text }: OpenedDocument): Leaf[] {
  const pages = sections.length ? sections : [{ page: 1, start: 0, end: text.length }];
  return pages.flatMap((section) => {
    const count = Math.max(1, Math.ceil((section.end - section.start) / MOST));
    return Array.from({ length: count }, (_, i) => ({
      ...section,
      start: section.start + i * MOST,
      end: Math.min(section.end, section.start + (i + 1) * MOST),
    }));
  });
}

/** Opens it over whatever is shown; the focus goes back to where it was. */
export function showDocument(alcove: Promise<Alcove>, place: Place): void {
  const before = document.activeElement;
  const sheet = Object.assign(document.createElement("document-sheet") as DocumentSheet, { alcove, place });
  sheet.addEventListener("closed", () => {
    sheet.remove();
    if (before instanceof HTMLElement) before.focus();
  });
  document.body.append(sheet);
}

customElements.define("document-sheet", DocumentSheet);
