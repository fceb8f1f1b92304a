/** SVG that a model wrote, as a picture's address. */

/** Each may show another, and that another one: with more of them a few lines become millions of shapes. */
const MOST_USES = 30;

/**
 * A data URL for an `img`: there a browser runs nothing that stands in a picture and fetches nothing for it. Null for what
 * is none, or would take for ever to be drawn.
 */
export function svgUrl(source: string): string | null {
  const at = source.search(/<svg[\s>]/i);
  if (at < 0 || /<!(?:ENTITY|DOCTYPE)/i.test(source)) return null;
  if ((source.match(/<(?:\w+:)?use\b/gi)?.length ?? 0) > MOST_USES) return null;
  const svg = source.slice(at);
  const [tag = ""] = /^<svg[^>]*>/i.exec(svg) ?? [];
  const named = /\sxmlns\s*=/.test(tag)
    ? svg
    : svg.replace(/^<svg/i, '<svg xmlns="http://www.w3.org/2000/svg"');
  return `data:image/svg+xml,${encodeURIComponent(named.toWellFormed?.() ?? named)}`;
}

/** What a picture says of itself. */
export const svgTitle = (source: string): string =>
  /<title[^>]*>([^<]{1,200})<\/title>/i.exec(source)?.[1]?.trim() ?? "";
