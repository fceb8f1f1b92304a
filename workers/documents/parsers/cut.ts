/** Long sections in parts that are kept one by one, none of which holds anybody up for long. */
import type { Heading, Section } from "../protocol.ts";

const MOST_LETTERS = 200_000;

/** Parts of a section that are its text again with an empty line between each; under the headings that hold there. */
export function cutSection(section: Section, most = MOST_LETTERS): Section[] {
  const { text, headings = [], ...rest } = section;
  if (text.length <= most) return [section];
  const parts: Section[] = [];
  let above: Heading[] = [];
  for (let start = 0; start < text.length; ) {
    const end = start + most < text.length ? edge(text, start, start + most) : text.length;
    const own = headings.filter(({ at }) => at >= start && at < end);
    const here = own.map((heading) => ({ ...heading, at: heading.at - start }));
    parts.push({ ...rest, text: text.slice(start, end), headings: [...above, ...here] });
    for (const heading of own)
      above = [...above.filter(({ level }) => level < heading.level), { ...heading, at: 0 }];
    start = end;
    while (text[start] === "\n") start++;
  }
  return parts;
}

/** The last end of a paragraph, else of a line, else of a word, before `most`. */
function edge(text: string, start: number, most: number): number {
  for (const mark of ["\n\n", "\n", " "]) {
    const at = text.lastIndexOf(mark, most);
    if (at > start) return at;
  }
  // Not between the halves of a letter.
  return /[\ud800-\udbff]/.test(text[most - 1] ?? "") ? most - 1 : most;
}
