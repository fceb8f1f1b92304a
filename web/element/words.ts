/** What the tag says itself, in the language of what it stands in. */

const ENGLISH = {
  write: "Write a message",
  send: "Send",
  stop: "Stop",
  using: (tool: string) => `Using ${tool}…`,
  conversation: "Conversation",
  asks: "A tool asks",
  failed: "Something went wrong. Try again.",
};

export type ElementWords = typeof ENGLISH;

const OTHERS: Readonly<Record<string, ElementWords>> = {
  de: {
    write: "Schreib eine Nachricht",
    send: "Senden",
    stop: "Anhalten",
    using: (tool) => `Benutzt ${tool} …`,
    conversation: "Unterhaltung",
    asks: "Ein Werkzeug fragt",
    failed: "Etwas ist schiefgegangen. Versuch es noch einmal.",
  },
  ar: {
    write: "اكتب رسالة",
    send: "إرسال",
    stop: "إيقاف",
    using: (tool) => `يستعمل ${tool}…`,
    conversation: "المحادثة",
    asks: "أداة تسأل",
    failed: "حدث خطأ ما. حاول مجددًا.",
  },
};

/** Of the nearest `lang` around `element`, also outside of the shadow that it stands in; English where none is known. */
export function wordsFor(element: Element): ElementWords {
  const root = element.getRootNode();
  const tag = element.closest("[lang]")?.getAttribute("lang");
  if (tag === undefined && "host" in root) return wordsFor(root.host as Element);
  return OTHERS[(tag ?? "").toLowerCase().split("-", 1)[0] ?? ""] ?? ENGLISH;
}

/** Calls `changed` when the document goes over to another language, until `signal` aborts. */
export function onLanguage(changed: () => void, signal: AbortSignal): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
}
