/** Where maths stands in Markdown: `$…$`, `$$…$$`, `\(…\)` and `\[…\]`. */
import type { MarkedExtension, TokenizerAndRendererExtension, Tokens } from "marked";
import { escaped } from "./escaped.ts";

/** A formula that is longer is shown as it was written. */
const MOST = 4_000;

/** A word by itself and no sign of maths: what stands between two sums of money. */
const WORD = /(?:^|\s)\p{L}{2,}(?=\s|$)/u;
const SIGN = /[\\^_{}=+*/<>]/;

interface Formula {
  raw: string;
  tex: string;
  display: boolean;
}

/**
 * The formula with which `src` begins, in lines of its own. One that has no end yet reaches to the next empty line, so that
 * nothing in it is read as anything else.
 */
function displayFormula(src: string): Formula | undefined {
  const [opening = "", mark] = /^ {0,3}(\$\$|\\\[)/.exec(src) ?? [];
  if (!opening) return undefined;
  const empty = src.search(/\n[ \t]*\n/);
  const paragraph = empty < 0 ? src : src.slice(0, empty);
  const end = paragraph.indexOf(mark === "$$" ? "$$" : "\\]", opening.length);
  const tex = paragraph.slice(opening.length, end < 0 ? undefined : end);
  if (!tex.trim()) return undefined;
  if (end < 0) return { raw: paragraph, tex, display: true };
  const line = /^[ \t]*(?:\n|$)/.exec(paragraph.slice(end + 2));
  return line ? { raw: paragraph.slice(0, end + 2) + line[0], tex, display: true } : undefined;
}

/** The formula with which `src` begins, in a line of text. */
export function inlineFormula(src: string): Formula | undefined {
  return src.startsWith("$") ? dollars(src) : brackets(src);
}

function brackets(src: string): Formula | undefined {
  const closing = src.startsWith("\\(") ? "\\)" : src.startsWith("\\[") ? "\\]" : "";
  const end = closing ? src.slice(0, MOST).indexOf(closing, 2) : -1;
  const tex = src.slice(2, Math.max(2, end));
  if (!tex.trim() || /\n[ \t]*\n/.test(tex)) return undefined;
  return { raw: src.slice(0, end + 2), tex, display: closing === "\\]" };
}

function dollars(src: string): Formula | undefined {
  const mark = src.startsWith("$$") ? "$$" : "$";
  const end = closingDollar(src.slice(0, MOST), mark);
  if (end < 0) return undefined;
  const tex = src.slice(mark.length, end);
  const isMoney = mark === "$" && (/^\s|\s$/.test(tex) || /^[\p{L}\p{N}]/u.test(src.slice(end + 1)));
  if (isMoney || !tex.trim() || (WORD.test(tex) && !SIGN.test(tex))) return undefined;
  return { raw: src.slice(0, end + mark.length), tex, display: mark === "$$" };
}

/** The place of the first one that is not escaped; -1 where there is none in this paragraph. */
function closingDollar(src: string, mark: string): number {
  for (let at = mark.length; at < src.length; at++) {
    if (src[at] === "\\") at++;
    else if (src[at] === "\n" && /^\n[ \t]*\n/.test(src.slice(at, at + 80))) return -1;
    else if (src.startsWith(mark, at)) return at;
  }
  return -1;
}

interface MathsToken extends Tokens.Generic {
  tex: string;
  display: boolean;
}

/** As code, which is drawn as maths when that is there; what cannot be drawn stays as it was written. */
const renderer = (token: Tokens.Generic): string => {
  const { raw, display } = token as MathsToken;
  return `<code class="maths${display ? " display" : ""}">${escaped(raw.trim())}</code>`;
};

/** The first place of any of these; the parser asks at each block and each piece of a line, so it has to be quick. */
function firstOf(src: string, ...marks: readonly string[]): number | undefined {
  const found = marks.map((mark) => src.indexOf(mark)).filter((at) => at >= 0);
  return found.length ? Math.min(...found) : undefined;
}

const block: TokenizerAndRendererExtension = {
  name: "mathsBlock",
  level: "block",
  start: (src) =>
    firstOf(src, "$$", "\\[") === undefined ? undefined : src.match(/\n {0,3}(?:\$\$|\\\[)/)?.index,
  tokenizer(src) {
    const found = displayFormula(src);
    return found && { type: "mathsBlock", ...found };
  },
  renderer: (token) => `<p class="formula">${renderer(token)}</p>`,
};

const inline: TokenizerAndRendererExtension = {
  name: "maths",
  level: "inline",
  start: (src) => firstOf(src, "$", "\\(", "\\["),
  tokenizer(src) {
    const found = inlineFormula(src);
    return found && { type: "maths", ...found };
  },
  renderer,
};

/** The same length, with nothing in it that could be taken for emphasis. */
function masked(src: string): string {
  let out = "";
  for (let at = 0; at < src.length; ) {
    const sign = src[at] as string;
    const found = sign === "$" || sign === "\\" ? inlineFormula(src.slice(at)) : undefined;
    const length = found?.raw.length ?? (sign === "\\" ? 2 : 1);
    out += found ? "a".repeat(length) : src.slice(at, at + length);
    at += length;
  }
  return out;
}

export const maths: MarkedExtension = {
  extensions: [block, inline],
  hooks: { emStrongMask: (src: string) => (/\$|\\[([]/.test(src) ? masked(src) : src) },
};
