/** What CommonMark's rules, made for words between spaces, do not see in Chinese, Japanese and Korean text. */
import { type MarkedExtension, Tokenizer, type Tokens } from "marked";

const CJK =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303F\uFF00-\uFFEF]/u;
/** Where an address ends that stands in such a text. */
const AFTER_ADDRESS = /[\u3000-\u303F\uFF01-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65“”‘’…]/u;
/** No more is looked through for the end of an emphasis. */
const MOST = 1_000;

/**
 * `这是**“重点”**内容`: between a mark and a letter without a space stands punctuation, so that CommonMark takes the
 * mark for a star. Beside such a letter it is emphasis.
 */
function emphasis(src: string, before: string): { raw: string; text: string; strong: boolean } | undefined {
  const [mark = ""] = /^\*{1,2}(?![*\s])/.exec(src) ?? [];
  if (!mark) return undefined;
  const end = src.slice(0, MOST).indexOf(mark, mark.length + 1);
  const text = src.slice(mark.length, end);
  const after = src.charAt(end + mark.length);
  const closes = end > 0 && after !== "*" && !/\s$|\n/.test(text) && !text.includes("*");
  if (!closes || !(CJK.test(before) || CJK.test(after))) return undefined;
  return { raw: src.slice(0, end + mark.length), text, strong: mark.length === 2 };
}

export const cjk: MarkedExtension = {
  extensions: [
    {
      name: "cjkEmphasis",
      level: "inline",
      start: (src) => {
        const at = src.indexOf("*");
        return at < 0 ? undefined : at;
      },
      tokenizer(src, tokens) {
        const before = tokens.at(-1)?.raw.at(-1) ?? "";
        const found = emphasis(src, before);
        if (!found) return undefined;
        const { raw, text, strong } = found;
        return { type: "cjkEmphasis", raw, text, strong, tokens: this.lexer.inlineTokens(text) };
      },
      renderer(token) {
        const { strong, tokens = [] } = token as Tokens.Generic & { strong: boolean };
        const tag = strong ? "strong" : "em";
        return `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`;
      },
    },
  ],
  tokenizer: {
    // In "5~10度" a tilde says "to".
    del: (src) => (/^~~(?!~)/.test(src) ? false : undefined),
    url(src) {
      const found = Tokenizer.prototype.url.call(this, src);
      return found && untilPunctuation(found);
    },
  },
};

/** An address as it was found in a text, less what follows it in Chinese or Japanese. */
function untilPunctuation(found: Tokens.Link): Tokens.Link {
  const end = found.raw.search(AFTER_ADDRESS);
  if (end <= 0) return found;
  const raw = found.raw.slice(0, end);
  const href = raw.startsWith("www.") ? `http://${raw}` : raw.includes("://") ? raw : `mailto:${raw}`;
  return { ...found, raw, text: raw, href, tokens: [{ type: "text", raw, text: raw, escaped: false }] };
}
