/** As much of a document as the tag needs. */
class FakeNode extends EventTarget {
  textContent = "";
  className = "";
  isConnected = false;
  scrollHeight = 0;
  scrollTop = 0;
  clientHeight = 0;
  shadowRoot: FakeNode | null = null;
  parent: FakeNode | null = null;
  children: FakeNode[] = [];
  readonly classList = { add: () => undefined };

  attachShadow(): FakeNode {
    this.shadowRoot = new FakeNode();
    return this.shadowRoot;
  }

  /** Of the document around it. */
  static lang: string | undefined;

  getAttribute(): null {
    return null;
  }

  closest(): { getAttribute(): string } | null {
    const { lang } = FakeNode;
    return lang === undefined ? null : { getAttribute: () => lang };
  }

  getRootNode(): object {
    return {};
  }

  setAttribute(): void {}

  append(...added: (FakeNode | string)[]): void {
    for (const each of added) {
      if (typeof each === "string") this.textContent += each;
      else this.#put(each, this.children.length);
    }
  }

  before(added: FakeNode): void {
    const { parent } = this;
    if (parent) parent.#put(added, parent.children.indexOf(this));
  }

  replaceChildren(...added: FakeNode[]): void {
    this.children = [];
    this.append(...added);
  }

  remove(): void {
    if (this.parent) this.parent.children = this.parent.children.filter((each) => each !== this);
    this.parent = null;
  }

  #put(added: FakeNode, at: number): void {
    added.remove();
    added.parent = this;
    this.children.splice(at, 0, added);
  }
}

/** Everything that is written below `node`, with the classes. */
export function written(node: unknown): string[] {
  const { children, className, textContent, shadowRoot } = node as FakeNode;
  const own = textContent && className ? [`${className}: ${textContent}`] : [];
  return [...own, ...[...children, ...(shadowRoot ? [shadowRoot] : [])].flatMap(written)];
}

/** The document is in another language from now on. */
export function speak(lang: string): void {
  FakeNode.lang = lang;
  for (const changed of watching) changed();
}

const watching = new Set<() => void>();

Object.assign(globalThis, {
  MutationObserver: class {
    constructor(readonly changed: () => void) {}
    observe(): void {
      watching.add(this.changed);
    }
    disconnect(): void {
      watching.delete(this.changed);
    }
  },
  HTMLElement: FakeNode,
  CSSStyleSheet: class {
    replaceSync(): void {}
  },
  customElements: { get: () => undefined, define: () => undefined },
  document: { createElement: () => new FakeNode(), createComment: () => new FakeNode() },
});
