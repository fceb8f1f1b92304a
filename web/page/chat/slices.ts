import { html, type TemplateResult } from "lit";

/** A text longer than twice this is cut. */
const LONG = 4_000;

/**
 * A long plain text in slices, of which only those that are seen are laid out: cut where a line ends, in a line that
 * is very long after a word.
 */
export function inSlices(text: string): string | TemplateResult[] {
  if (text.length <= 2 * LONG) return text;
  const slices: TemplateResult[] = [];
  for (let at = 0; at < text.length; ) {
    const slice = beginning(text.slice(at, at + 2 * LONG + 1));
    at += slice.length;
    // Where the next slice begins a new line begins in any case.
    const shown = at < text.length ? slice.replace(/\n$/, "") : slice;
    slices.push(html`<span class="slice">${shown}</span>`);
  }
  return slices;
}

function beginning(text: string): string {
  if (text.length <= 2 * LONG) return text;
  const end = [text.indexOf("\n", LONG), text.lastIndexOf(" ")].find((found) => found >= 0);
  if (end !== undefined) return text.slice(0, end + 1);
  // Not between the two halves of a character.
  return text.slice(0, 2 * LONG).replace(/[\uD800-\uDBFF]$/, "");
}
