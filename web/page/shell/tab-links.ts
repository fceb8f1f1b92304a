/** The way between Chat and Vision. They are links: each side has an address of its own. */
import { html, type TemplateResult } from "lit";
import { icons } from "../kit/icons.ts";
import { type Tab, tabUrl } from "../state/route.ts";

const TABS: Record<Tab, { name: string; icon: TemplateResult }> = {
  chat: { name: "Chat", icon: icons.chat },
  vision: { name: "Vision", icon: icons.eye },
};

export interface TabLinks {
  open: Tab;
  conversation: string | undefined;
  go(tab: Tab): void;
}

const follow = (event: MouseEvent, tab: Tab, go: (tab: Tab) => void): void => {
  // A new window or tab is the browser's affair.
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(tab);
};

/** Both, for the sidebar. */
export const tabLinks = ({ open, conversation, go }: TabLinks): TemplateResult => html`<nav
  class="tab-links"
  aria-label="Chat and Vision"
>
  ${(Object.keys(TABS) as Tab[]).map(
    (tab) => html`<a
      class="tab-link"
      href=${tabUrl(tab, conversation)}
      data-testid="go-${tab}"
      aria-current=${tab === open ? "page" : "false"}
      @click=${(event: MouseEvent) => follow(event, tab, go)}
      >${TABS[tab].icon} ${TABS[tab].name}</a
    >`,
  )}
</nav>`;

/** The other one, for the top bar of a phone. */
export function otherTab({ open, conversation, go }: TabLinks): TemplateResult {
  const tab = open === "chat" ? "vision" : "chat";
  const { name, icon } = TABS[tab];
  return html`<a
    class="icon-button phone-only"
    href=${tabUrl(tab, conversation)}
    data-testid="go-${tab}-compact"
    aria-label=${name}
    title=${name}
    @click=${(event: MouseEvent) => follow(event, tab, go)}
    >${icon}</a
  >`;
}
