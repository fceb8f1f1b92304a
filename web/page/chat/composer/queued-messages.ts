/** What waits for the answer under way, over the composer: it can be changed, taken away, and sent at once. */
import { html, type TemplateResult } from "lit";
import { icons } from "../../kit/icons.ts";
import { LightElement } from "../../kit/light-element.ts";
import { smallButton } from "../../kit/small-button.ts";
import { common } from "../../kit/words/common.ts";
import { list } from "../../kit/words.ts";
import type { Queued } from "../../state/drafts.ts";
import type { MessageQueue } from "../../state/queue.ts";
import { w as chat } from "../words/chat.ts";
import { w } from "../words/files.ts";

/** So much of it is shown. */
const SHOWN = 300;

class QueuedMessages extends LightElement {
  static override properties = {
    queue: { attribute: false },
    messages: { attribute: false },
    left: { attribute: false },
  };
  declare queue: MessageQueue;
  declare messages: readonly Queued[];
  /** Called when the button that had the focus is gone. */
  declare left: () => void;

  override render(): TemplateResult {
    return html`<ul class="queued-messages" aria-label=${w.queue} data-testid="queued-messages">
      ${this.messages.map((message, index) => this.#row(message, index))}
    </ul>`;
  }

  #row(message: Queued, index: number): TemplateResult {
    const { queue } = this;
    const act = (work: () => void) => () => {
      work();
      this.left();
    };
    const { text, held } = message;
    return html`<li class="long-text" data-testid="queued-message" ?data-held=${held}>
      <p>
        <span class="long-text-line" dir="auto">${text.slice(0, SHOWN)}</span>
        <small>${[held ? w.held : w.waits, ...besides(message)].join(" · ")}</small>
      </p>
      ${smallButton(
        { icon: icons.rename, testId: "queued-edit", label: chat.editMessage, title: chat.edit },
        act(() => queue.edit(index)),
      )}
      ${smallButton(
        { icon: icons.send, testId: "queued-send", label: held ? w.send : w.sendNow },
        act(() => void queue.sendNow(index)),
      )}
      ${smallButton(
        {
          icon: icons.close,
          testId: "queued-remove",
          label: common.removeIt({ name: text.slice(0, 40) }),
          title: common.remove,
        },
        act(() => queue.remove(index)),
      )}
    </li>`;
  }
}

/** What goes with it. */
function besides({ pictures, files = [] }: Queued): string[] {
  const things = [
    ...(pictures.length ? [w.pictures({ count: pictures.length })] : []),
    ...(files.length ? [w.files({ count: files.length })] : []),
  ];
  return things.length ? [list(things)] : [];
}

customElements.define("queued-messages", QueuedMessages);
