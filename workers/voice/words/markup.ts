/** What of Markdown and HTML within a passage is for the eye only. */

const SIMPLE_CODE = /^[\w .-]{1,40}(?:\(\))?$/;

/** Replaces markup by the words in it; `skip` hears what has none. */
export function markup(text: string, skip: (what: string) => void): string {
  return text
    .replace(/\$\$[\s\S]*?\$\$|\\\([\s\S]*?\\\)|\\\[[\s\S]*?\\\]/g, () => {
      skip("a formula");
      return " ";
    })
    .replace(/(`+)([\s\S]*?)\1/g, (_, __, code: string) => {
      if (SIMPLE_CODE.test(code)) return named(code);
      skip("code");
      return " ";
    })
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, (_, alt: string) => {
      if (!alt) skip("a picture");
      return alt || " ";
    })
    .replace(/\[([^\]]+)\]\((?:[^()]|\([^()]*\))*\)/g, "$1")
    .replace(/\[\^[^\]]+\]:?/g, " ")
    .replace(/<(https?:[^\s>]+|[\w.+-]+@[\w.-]+)>/g, "$1")
    .replace(/<!--[\s\S]*?-->|<\/?[a-z][^<>]*>/gi, " ")
    .replace(/^\s{0,3}(?:#{1,6}|>+|[-*+•](?:\s\[[ xX]\])?)\s+/gm, "")
    .replace(/^\s*\|?(?:\s*:?-{2,}:?\s*\|)+\s*:?-*:?\s*$|^\s{0,3}(?:[-*_]\s*){3,}$/gm, " ")
    .replace(/^\s*\|(.*)\|\s*$/gm, (_, row: string) =>
      row
        .split("|")
        .map((cell) => cell.trim())
        .join(", "),
    )
    .replace(/(\*\*|__|~~|\*)(?=\S)([\s\S]*?\S)\1/g, "$2")
    .replace(/(^|[\s(])_(?=\S)([^_]*\S)_(?=[\s).,;:!?]|$)/g, "$1$2")
    .replace(/&(?:nbsp|amp|lt|gt|quot);/g, (entity) => ENTITIES[entity] ?? " ");
}

const ENTITIES: Record<string, string> = { "&amp;": "and", "&lt;": "less than", "&gt;": "more than" };

/** The name of something in a program: its words. */
const named = (code: string): string =>
  code
    .replace(/\(\)$/, "")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replaceAll("_", " ");
