/** How pictures are drawn: those that wait in the composer, and those of a message that was sent. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { common } from "../kit/words/common.ts";
import type { ShownPicture } from "../state/transcript.ts";
import { w } from "./words/parts.ts";

/** What waits to be sent, each with a button that takes it away. */
class PictureThumbnails extends LightElement {
  static override properties = {
    urls: { attribute: false },
    reading: { attribute: false },
    remover: { attribute: false },
  };
  declare urls: readonly string[];
  /** How many more are on their way. */
  declare reading: number;
  declare remover: (index: number) => void;

  override render() {
    return html`<ul class="thumbnails" aria-label=${w.picturesToSend} data-testid="thumbnails">
      ${this.urls.map(
        (url, index) => html`<li>
          <img src=${url} alt=${w.picture({ number: index + 1 })} data-testid="thumbnail" />
          <button
            type="button"
            class="remove"
            data-testid="remove-picture"
            aria-label=${w.removePicture({ number: index + 1 })}
            title=${common.remove}
            @click=${() => this.remover(index)}
          >
            ${icons.close}
          </button>
        </li>`,
      )}
      ${this.reading ? html`<li class="reading"><span class="visually-hidden">${w.reading}</span></li>` : nothing}
    </ul>`;
  }
}

/** The pictures of a message, and what another model said of each where the one that answers cannot see. */
class SentPictures extends LightElement {
  static override properties = { pictures: { attribute: false } };
  declare pictures: readonly ShownPicture[];

  override render() {
    const { pictures } = this;
    return html`<div class="pictures" data-count=${pictures.length}>
        ${pictures.map(
          ({ url, description }, index) =>
            html`<img src=${url} alt=${description || w.picture({ number: index + 1 })} data-testid="message-picture" />`,
        )}
      </div>
      ${pictures.map(({ description, by }, index) =>
        description ? seen(description, by ?? w.visionModel, pictures.length > 1 ? index + 1 : 0) : nothing,
      )}`;
  }
}

/** `number`: which of several pictures this is about; 0 if there is one. */
const seen = (description: string, by: string, number: number): TemplateResult => html`<details
  class="seen"
  data-testid="picture-seen"
>
  <summary>
    ${icons.eye}<span class="seen-line">${number ? w.seenOf({ model: by, number, description }) : w.seen({ model: by, description })}</span>
    <span class="chevron">${icons.chevron}</span>
  </summary>
  <p class="plain" dir="auto">${description}</p>
  <p class="seen-why">${w.whySeen}</p>
</details>`;

customElements.define("picture-thumbnails", PictureThumbnails);
customElements.define("sent-pictures", SentPictures);
