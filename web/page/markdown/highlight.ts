/** Code to coloured nodes. No markup is made of it. Loaded with the first code block. */
import type { Emitter, HLJSOptions } from "highlight.js";
import hljs from "highlight.js/lib/core";
import { languageLoader } from "./languages.ts";

/** Puts the pieces of a code together as nodes, in place of the library's markup. */
class Nodes implements Emitter {
  readonly fragment = document.createDocumentFragment();
  readonly #open: Node[] = [this.fragment];

  get #at(): Node {
    return this.#open.at(-1) ?? this.fragment;
  }

  addText(text: string): void {
    if (text) this.#at.appendChild(document.createTextNode(text));
  }

  startScope(scope: string): void {
    const span = document.createElement("span");
    // "title.function" is a kind of "title".
    span.className = scope
      .split(".")
      .map((name, i) => (i ? `${name}_` : `code-${name}`))
      .join(" ");
    this.#open.push(this.#at.appendChild(span));
  }

  endScope(): void {
    if (this.#open.length > 1) this.#open.pop();
  }

  /** Older names, by which the library calls them too. */
  openNode(scope: string): void {
    this.startScope(scope);
  }

  closeNode(): void {
    this.endScope();
  }

  __addSublanguage(inner: Emitter): void {
    if (inner instanceof Nodes) this.#at.appendChild(inner.fragment);
  }

  toHTML(): string {
    return "";
  }

  finalize(): void {
    this.#open.length = 1;
  }
}

hljs.configure({ __emitter: Nodes } as unknown as Partial<HLJSOptions>);

export const knows = (language: string): boolean => hljs.getLanguage(language) !== undefined;

/** Brings a language; false where there is none of this name. */
export async function learn(language: string): Promise<boolean> {
  if (knows(language)) return true;
  const found = languageLoader(language);
  if (!found) return false;
  const { default: grammar } = await found.load();
  if (!knows(found.name)) hljs.registerLanguage(found.name, grammar);
  if (!knows(language)) hljs.registerAliases(language, { languageName: found.name });
  return true;
}

/** A code of a language that is known. */
export function highlight(code: string, language: string): DocumentFragment | null {
  const { _emitter } = hljs.highlight(code, { language, ignoreIllegals: true });
  return _emitter instanceof Nodes ? _emitter.fragment : null;
}
