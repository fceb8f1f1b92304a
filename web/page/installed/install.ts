/** The offer to install Alcove as a program, where the browser can do that and the person has not said no. */
import { html, nothing } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { read, write } from "../kit/storage.ts";
import { workbenchOf } from "../state/workbench-of.ts";
import { w } from "./words.ts";

/** Set once the person does not want to be asked. */
const DECLINED = "alcove.install-declined";

/** What a browser gives to a page that it can install; it asks the person once. */
interface InstallEvent extends Event {
  prompt(): Promise<unknown>;
}

/** Null where there is nothing to install, or nothing any more. */
let offered: InstallEvent | null = null;

const TAG = "install-offer";

class InstallOffer extends LightElement {
  override connectedCallback(): void {
    super.connectedCallback();
    workbenchOf(this).addEventListener("change", () => this.requestUpdate());
  }

  override render() {
    // Whoever has not said anything yet does not know what they would install.
    if (!offered || read("local", DECLINED) || !workbenchOf(this).conversations.length) return nothing;
    return html`<button type="button" class="text-button" data-testid="install" @click=${this.#ask}>
        ${icons.down} ${w.install}
      </button>
      ${smallButton({ icon: icons.close, testId: "install-dismiss", label: w.dismissInstall }, () => {
        write("local", DECLINED, "yes");
        this.requestUpdate();
      })}`;
  }

  readonly #ask = (): void => {
    const asked = offered;
    offer(null);
    void asked?.prompt().catch(() => undefined);
  };
}

customElements.define(TAG, InstallOffer);
addEventListener("appinstalled", () => offer(null));

function offer(event: InstallEvent | null): void {
  offered = event;
  document.querySelector<InstallOffer>(TAG)?.requestUpdate();
}

/** Keeps the browser's `beforeinstallprompt` from asking by itself; the person is offered it in the page. */
export function offerInstall(event: Event): void {
  event.preventDefault();
  offer(event as InstallEvent);
}
