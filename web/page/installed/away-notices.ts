/** Tells by a notification of the system what came while the page was hidden, once the person has asked for that. */
import { html, nothing } from "lit";
import { icons } from "../kit/icons.ts";
import { LightElement } from "../kit/light-element.ts";
import { smallButton } from "../kit/small-button.ts";
import { read, write } from "../kit/storage.ts";
import { HOME, tabUrl } from "../state/route.ts";
import type { Thread } from "../state/thread.ts";
import type { Workbench } from "../state/workbench.ts";
import { workbenchOf } from "../state/workbench-of.ts";
import { type News, watchWhileAway } from "./away.ts";
import { w } from "./words.ts";

/** Set once the person does not want to be told. */
const DECLINED = "alcove.notify-declined";

class AwayNotices extends LightElement {
  static override properties = { offered: { state: true } };
  /** Something came for which the person would have liked to be called. */
  declare private offered: boolean;
  /** What is shown by the system; the person who comes back needs it no more. */
  readonly #shown = new Set<Notification>();

  constructor() {
    super();
    this.offered = false;
  }

  get #workbench(): Workbench {
    return workbenchOf(this);
  }

  protected override firstUpdated(): void {
    watchWhileAway(this.#workbench, (news, thread) => this.#tell(news, thread));
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") return;
      for (const notification of this.#shown) notification.close();
      this.#shown.clear();
    });
  }

  override render() {
    if (!this.offered) return nothing;
    return html`<div class="banner offer" role="status" data-testid="away-offer">
      <p>${w.offer}</p>
      <button type="button" class="button primary" data-testid="away-tell" @click=${this.#allow}>${w.tell}</button>
      ${smallButton({ icon: icons.close, testId: "away-dismiss", label: w.dismissOffer }, () => {
        write("local", DECLINED, "yes");
        this.offered = false;
      })}
    </div>`;
  }

  #tell(news: News, thread: Thread): void {
    if (!("Notification" in globalThis)) return;
    if (Notification.permission === "granted") void this.#show(news, thread);
    else if (Notification.permission === "default" && news === "ready" && !read("local", DECLINED)) {
      this.offered = true;
    }
  }

  /** What was said stays in the page: a notification may stand on a locked screen. */
  async #show(news: News, thread: Thread): Promise<void> {
    const options = {
      tag: `alcove ${thread.id ?? "new"}`,
      icon: "./icons/alcove-192.png",
      data: new URL(tabUrl(HOME, thread.id), location.href).href,
    };
    try {
      const notification = new Notification(w[news], options);
      this.#shown.add(notification);
      notification.onclick = () => {
        focus();
        if (thread.id) this.#workbench.open(thread.id);
        notification.close();
      };
    } catch {
      // On Android only a service worker may show one; a click on it comes to `web/sw.ts`.
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.showNotification(w[news], options);
    }
  }

  readonly #allow = async (): Promise<void> => {
    const answer = await Notification.requestPermission();
    this.offered = false;
    this.#workbench.remark = answer === "granted" ? w.told : w.refused;
    this.#workbench.dispatchEvent(new Event("change"));
  };
}

customElements.define("away-notices", AwayNotices);
