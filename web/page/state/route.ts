/** What is open lives in the address: a conversation as `#c=ID`, any other tab as `#NAME`, a part of it as `#NAME/PART`. */

/** Stands for the tab that shows conversations: its address is that of the open one. */
export const HOME = "";

/** The one of the addresses `known` that is open. */
export function currentTab(known: readonly string[]): string {
  const [name = ""] = location.hash.slice(1).split("/");
  return known.includes(name) ? name : HOME;
}

/** The part of the open tab that the address names; empty where it names none. */
export const currentPart = (): string => location.hash.split("/")[1] ?? "";

export function currentConversation(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("c") || undefined;
}

/** URL of the tab at an address, with the conversation that is open in {@link HOME}. */
export function tabUrl(tab: string, conversation: string | undefined): string {
  const page = location.pathname + location.search;
  if (tab !== HOME) return `${page}#${tab}`;
  return conversation ? `${page}#c=${encodeURIComponent(conversation)}` : page;
}
