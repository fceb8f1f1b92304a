/** What a person has selected inside of one element that fits `selector`; "" for anything else. */
export function selectedWords(selector: string): string {
  const selection = getSelection();
  if (!selection || selection.isCollapsed) return "";
  const inside = elementOf(selection.anchorNode)?.closest(selector);
  return inside?.contains(selection.focusNode) ? selection.toString().trim() : "";
}

const elementOf = (node: Node | null): Element | null =>
  node instanceof Element ? node : (node?.parentElement ?? null);
