/** The ways between the tabs. They are links: each tab has an address of its own. */
import { html, nothing, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { tabUrl } from "../state/route.ts";
import type { Tab } from "../state/tab.ts";
import { keysOf } from "./tab-keys.ts";
import { w } from "./words.ts";

export interface TabLinks {
  tabs: readonly Tab[];
  open: Tab;
  conversation: string | undefined;
  go(tab: Tab): void;
}

/** What the top bar of a phone has room for: the one other tab, or a menu of them all. */
export function compactTabs(tabs: readonly Tab[], open: Tab): Tab | "menu" | null {
  const others = tabs.filter((tab) => tab !== open);
  return others.length > 1 ? "menu" : (others[0] ?? null);
}

/** All, for the sidebar. */
export const tabLinks = (links: TabLinks): TemplateResult => html`<nav class="tab-links" aria-label=${w.tabs}>
  ${links.tabs.map((tab) => link(links, tab, `go-${tab.id}`))}
</nav>`;

/** The same in little, for the top bar of a phone. */
export function compactLinks(links: TabLinks): TemplateResult | typeof nothing {
  const shown = compactTabs(links.tabs, links.open);
  if (shown === null) return nothing;
  if (shown === "menu") return menu(links);
  const { id, name, icon, address } = shown;
  return html`<a
    class="icon-button phone-only"
    href=${tabUrl(address, links.conversation)}
    data-testid="go-${id}-compact"
    aria-label=${name}
    title=${name}
    @click=${(event: MouseEvent) => follow(event, () => links.go(shown))}
    >${icon}</a
  >`;
}

function menu(links: TabLinks): TemplateResult {
  const { tabs, open } = links;
  const go = (tab: Tab) => {
    opened()?.hidePopover();
    links.go(tab);
  };
  return html`<div class="tab-switch phone-only" @keydown=${keepEscape}>
    <button
      type="button"
      class="icon-button tab-switch-button"
      data-testid="tab-menu-open"
      aria-label=${w.tabs}
      title=${w.tabs}
      popovertarget="tab-menu"
    >
      ${open.icon}<span class="chevron" aria-hidden="true">${icons.chevron}</span>
    </button>
    <nav id="tab-menu" class="tab-links tab-menu" data-testid="tab-menu" aria-label=${w.tabs} popover>
      ${tabs.map((tab) => link({ ...links, go }, tab, `go-${tab.id}-compact`))}
    </nav>
  </div>`;
}

const opened = (): HTMLElement | null => document.querySelector<HTMLElement>("#tab-menu:popover-open");

/** Escape closes the menu; it must not stop what goes on in the tab too. */
const keepEscape = (event: KeyboardEvent): void => {
  if (event.key === "Escape" && opened()) event.stopPropagation();
};

const link = ({ open, conversation, go }: TabLinks, tab: Tab, testId: string): TemplateResult => html`<a
  class="tab-link"
  href=${tabUrl(tab.address, conversation)}
  data-testid=${testId}
  aria-current=${tab === open ? "page" : "false"}
  aria-keyshortcuts="Control+Shift+${tab.digit}"
  title="${tab.name} (${keysOf(tab)})"
  @click=${(event: MouseEvent) => follow(event, () => go(tab))}
  >${tab.icon} ${tab.name}</a
>`;

const follow = (event: MouseEvent, go: () => void): void => {
  // A new window or tab is the browser's affair.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go();
};
