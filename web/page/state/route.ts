/** What is open lives in the address: a conversation as `#c=ID`, the Vision tab as `#vision`. */

/** The two sides of the page. */
export type Tab = "chat" | "vision";

export const currentTab = (): Tab => (location.hash === "#vision" ? "vision" : "chat");

export function currentConversation(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("c") || undefined;
}

export function conversationUrl(id: string | undefined): string {
  const base = location.pathname + location.search;
  return id ? `${base}#c=${encodeURIComponent(id)}` : base;
}

export const tabUrl = (tab: Tab, conversation: string | undefined): string =>
  tab === "vision" ? `${location.pathname}${location.search}#vision` : conversationUrl(conversation);
