/** Markdown as it is read here: to blocks, and to markup that still has to be sanitised. It needs no page. */
import { Lexer, type Links, Marked, type Token } from "marked";
import { cjk } from "./cjk.ts";
import { escaped } from "./escaped.ts";
import { maths } from "./maths-syntax.ts";
import { deepLines, isTangled } from "./tangled.ts";

/** Tags without attributes that models write for what Markdown has no signs for; all others are shown as text. */
const PLAIN_TAG = /(<\/?(?:br|sub|sup|kbd|u|s|mark|small|b|i)\s*\/?>)/i;

const html = ({ text }: { text: string }): string =>
  text
    .split(PLAIN_TAG)
    .map((part, index) => (index % 2 ? part : escaped(part)))
    .join("");

const marked = new Marked(
  {
    gfm: true,
    breaks: true,
    renderer: {
      html,
      // A picture would tell its server that this page is open.
      image: ({ href, text }) => `<a href="${escaped(href)}">${escaped(text || href)}</a>`,
      checkbox: ({ checked }) => (checked ? "☑ " : "☐ "),
    },
  },
  cjk,
  maths,
);

/** The blocks of a text, not looked into yet, and the link addresses that it names. */
export interface Outline {
  /** Their `raw` fields put together are the text. */
  blocks: Token[];
  links: Links;
}

export function outline(source: string): Outline {
  const deep = deepLines(source);
  if (!deep) return blocksOf(source);
  const before = blocksOf(source.slice(0, deep.from));
  const after = outline(source.slice(deep.to));
  const asItIs: Token = { type: "asItIs", raw: source.slice(deep.from, deep.to) };
  return {
    blocks: [...before.blocks, asItIs, ...after.blocks],
    links: { ...after.links, ...before.links },
  };
}

function blocksOf(source: string): Outline {
  const lexer = new Lexer(marked.defaults);
  const blocks = lexer.blockTokens(source, lexer.tokens);
  return { blocks, links: lexer.tokens.links };
}

/** The markup of a text; `links` are addresses that are named elsewhere. What cannot be read in good time is plain. */
export function markup(source: string, links: Links = {}): string {
  if (isTangled(source) || deepLines(source)) return `<p class="plain">${escaped(source.trimEnd())}</p>`;
  const lexer = new Lexer(marked.defaults);
  Object.assign(lexer.tokens.links, links);
  return marked.parser(lexer.lex(source));
}
