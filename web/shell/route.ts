/** The open conversation lives in the address: `#c=ID`. */

export function currentConversation(): string | undefined {
  return new URLSearchParams(location.hash.slice(1)).get("c") || undefined;
}

export function conversationUrl(id: string | undefined): string {
  const base = location.pathname + location.search;
  return id ? `${base}#c=${encodeURIComponent(id)}` : base;
}
