/** Where a link of an answer leads, told before it opens: its words may say something else. */
import { html, type TemplateResult } from "lit";
import { copyText } from "../kit/clipboard.ts";
import { Sheet } from "../kit/sheet.ts";
import { common } from "../kit/words/common.ts";
import { w } from "./words.ts";

class LinkCard extends Sheet {
  static override properties = { href: { attribute: false }, copied: { state: true } };
  declare href: string;
  declare private copied: string;
  protected override readonly name = "link";
  protected override readonly testId = "link-card";
  protected override readonly heading = w.openLink;

  constructor() {
    super();
    this.copied = "";
  }

  protected override content(): TemplateResult {
    const [before, host, after] = partsOf(this.href);
    return html`<p class="link-address" dir="ltr" data-testid="link-address">${before}<strong>${host}</strong>${after}</p>
      <p class="link-why">${w.outside}</p>
      <div class="card-actions" role="group" aria-label=${w.whatToDo}>
        <button type="button" class="button" data-testid="link-copy" @click=${this.#copy}>${common.copy}</button>
        <a class="button primary" data-testid="link-open" href=${this.href} target="_blank" rel="noopener noreferrer"
          @click=${() => this.close()}>${w.open}</a>
      </div>
      <p class="visually-hidden" role="status">${this.copied}</p>`;
  }

  async #copy(event: Event): Promise<void> {
    const button = event.currentTarget as HTMLElement;
    this.copied = (await copyText(this.href)) ? w.copied : w.couldNotCopy;
    button.textContent = this.copied;
  }
}

customElements.define("link-card", LinkCard);

/** What stands before the name of the server, that, and what follows it. */
function partsOf(href: string): [string, string, string] {
  const { host = "", username = "" } = URL.canParse(href) ? new URL(href) : {};
  // A name before an "@" may look like a server's.
  const from = username ? href.indexOf("@") : 0;
  const at = host ? href.toLowerCase().indexOf(host, from) : -1;
  return at < 0
    ? ["", href, ""]
    : [href.slice(0, at), href.slice(at, at + host.length), href.slice(at + host.length)];
}

/** Asks whether a link shall be opened; the focus goes back to it then. */
export function showLink(link: HTMLAnchorElement): void {
  const card = document.createElement("link-card") as LinkCard;
  card.href = link.href;
  card.addEventListener("closed", () => {
    card.remove();
    link.focus({ preventScroll: true });
  });
  document.body.append(card);
}
