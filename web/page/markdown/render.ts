/**
 * Markdown to sanitised DOM. Loaded on the first answer: the parser and the sanitiser are most of the
 * page's script. What a model writes never becomes script, a form, a style or a request to the network.
 */
import DOMPurify from "dompurify";
import { Lexer, type Links, Marked, type Token } from "marked";
import type { TrustedTypesWindow } from "trusted-types/lib";

const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    // HTML that a model writes is shown as the text that it is.
    html: ({ text }) => escaped(text),
    // A picture would tell its server that this page is open.
    image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
    checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
  },
});

const purify = DOMPurify();

const refuse = (): never => {
  throw new TypeError("No answer is a script, or names one.");
};

// Where Trusted Types are enforced, only the sanitiser can make markup of a text.
const policy = (globalThis as unknown as TrustedTypesWindow).trustedTypes?.createPolicy("alcove-markdown", {
  createHTML: (markup) => markup,
  createScriptURL: refuse,
  createScript: refuse,
});

purify.addHook("afterSanitizeAttributes", (node) => {
  if (node.tagName !== "A") return;
  node.setAttribute("target", "_blank");
  node.setAttribute("rel", "noopener noreferrer");
});

const ALLOWED_TAGS = (
  "a p br hr strong em del code pre blockquote ul ol li h1 h2 h3 h4 h5 h6 " +
  "table thead tbody tr th td #text"
).split(" ");

/** The blocks of a text, not looked into yet, and the link addresses that it names. */
export interface Outline {
  /** Their `raw` fields put together are the text. */
  blocks: Token[];
  links: Links;
}

export function outline(source: string): Outline {
  const lexer = new Lexer(marked.defaults);
  const blocks = lexer.blockTokens(source, lexer.tokens);
  return { blocks, links: lexer.tokens.links };
}

/** Draws a text; `links` are addresses that are named elsewhere. */
export function draw(source: string, links: Links): DocumentFragment {
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  const fragment = purify.sanitize(marked.parser(lexer.lex(source)), {
    ALLOWED_TAGS,
    ALLOWED_ATTR: ["href", "target", "rel", "class", "start", "align"],
    ALLOWED_URI_REGEXP: /^(?:https?|mailto):/i,
    // They hold no addresses: the number that a list begins with, the side of a table's column.
    ADD_URI_SAFE_ATTR: ["start", "align"],
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
    ...(policy ? { TRUSTED_TYPES_POLICY: policy } : {}),
  });
  for (const pre of fragment.querySelectorAll("pre")) frameCode(pre);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
  return fragment;
}

/** Puts the language and a copy button over a code block. */
function frameCode(pre: HTMLPreElement): void {
  const language = /(?:^|\s)language-(\S+)/.exec(pre.firstElementChild?.className ?? "")?.[1] ?? "";
  const frame = document.createElement("div");
  frame.className = "code-block";
  const bar = document.createElement("div");
  bar.className = "code-bar";
  const name = document.createElement("span");
  name.textContent = language;
  const copy = document.createElement("button");
  copy.type = "button";
  copy.className = "text-button";
  copy.dataset.copyCode = "";
  copy.textContent = "Copy";
  copy.setAttribute("aria-label", "Copy code");
  bar.append(name, copy);
  // A long line scrolls: the keyboard must reach it.
  pre.tabIndex = 0;
  pre.setAttribute("role", "region");
  pre.setAttribute("aria-label", language ? `Code, ${language}` : "Code");
  pre.replaceWith(frame);
  frame.append(bar, pre);
}

function frameTable(table: HTMLTableElement): void {
  const frame = document.createElement("div");
  frame.className = "table-scroll";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", "Table");
  table.replaceWith(frame);
  frame.append(table);
}

// The first drawing takes many times as long as the next: it is done before somebody waits for it, a part at a time.
for (const part of ["# *a*\n\n- b\n", "```c\nd\n```\n", "| e |\n|---|\n| `f` |\n"])
  setTimeout(draw, 0, part, {});
