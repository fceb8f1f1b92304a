/**
 * What is drawn becomes what is to be drawn, and whatever is the same stays: the selection in it, the focus, how far it
 * was scrolled, what somebody opened.
 */

/** Nodes of one parent that follow each other. */
interface Place {
  parent: Node;
  /** Null where there are none. */
  first: ChildNode | null;
  /** Stands after them; null for the end. */
  end?: ChildNode | null;
}

/** Nodes from `first` on become those of `wanted`; @returns what followed them, up to `end`, as it was */
export function morph({ parent, first, end = null }: Place, wanted: Node): ChildNode | null {
  let old = first;
  for (let next = wanted.firstChild; next; ) {
    const following = next.nextSibling;
    if (!old || old === end) parent.insertBefore(next, end);
    else {
      const after: ChildNode | null = old.nextSibling;
      if (!become(old, next)) old.replaceWith(next);
      old = after;
    }
    next = following;
  }
  return old === end ? null : old;
}

/** Takes away nodes from `first` on, up to `end`. */
export function removeFrom(first: ChildNode | null, end: ChildNode | null = null): void {
  for (let node = first; node && node !== end; ) {
    const next: ChildNode | null = node.nextSibling;
    node.remove();
    node = next;
  }
}

/** Makes `old` the same as `next`; false where it is of another kind. */
function become(old: ChildNode, next: ChildNode): boolean {
  if (old.isEqualNode(next)) return true;
  if (old instanceof Text && next instanceof Text) {
    becomeText(old, next.data);
    return true;
  }
  if (!(old instanceof Element && next instanceof Element) || old.tagName !== next.tagName) return false;
  // What somebody does with a button changes it; another one takes its place.
  if (old instanceof HTMLButtonElement) return old.dataset.code === (next as HTMLElement).dataset.code;
  if (old.namespaceURI !== "http://www.w3.org/1999/xhtml") return false;
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  for (const { name } of [...old.attributes])
    if (!name.startsWith("data-") && !next.hasAttribute(name)) old.removeAttribute(name);
  removeFrom(morph({ parent: old, first: old.firstChild }, next));
  return true;
}

/** Only what is new of it is written, so that a selection in it stays. */
function becomeText(old: Text, data: string): void {
  let same = 0;
  while (same < old.length && old.data[same] === data[same]) same++;
  if (same < old.length) old.deleteData(same, old.length - same);
  if (same < data.length) old.appendData(data.slice(same));
}
