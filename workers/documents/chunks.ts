/**
 * Cuts a section's text into the passages that are searched: along headings and paragraphs, a paragraph that is too
 * long along its sentences, and each with the end of the one before it, for what an author says across the cut.
 */
import type { Heading, Section } from "./protocol.ts";
import { countTokens } from "./tokens.ts";

const MOST_TOKENS = 200;
const OVERLAP_TOKENS = 30;
/** A hard cut, where a text has neither sentences nor spaces. */
const MOST_LETTERS = MOST_TOKENS * 4;

interface Chunk {
  /** Headings above it, the outermost first. */
  heading: string;
  text: string;
  /** In the section's text. */
  start: number;
  end: number;
}

/** A stretch of text that is not cut. */
interface Unit {
  start: number;
  end: number;
  tokens: number;
}

export function chunksOf({ text, headings = [] }: Pick<Section, "text" | "headings">): Chunk[] {
  const chunks: Chunk[] = [];
  const above: Heading[] = [];
  const edges = [0, ...headings.map(({ at }) => at), text.length];
  for (const [index, start] of edges.slice(0, -1).entries()) {
    const heading = headings[index - 1];
    if (heading) enter(above, heading);
    const path = above.map((each) => each.text).join(" › ");
    for (const [from, to] of packed(unitsOf(text, start, edges[index + 1] as number))) {
      chunks.push({ heading: path, text: text.slice(from, to), start: from, end: to });
    }
  }
  return chunks;
}

/** A heading ends all that are no further out than itself. */
function enter(above: Heading[], heading: Heading): void {
  while ((above.at(-1)?.level ?? 0) >= heading.level) above.pop();
  above.push(heading);
}

const PARAGRAPH = /(?:[^\n]|\n(?![^\S\n]*\n))+/g;
const LINE = /[^\n]+/g;
const SENTENCE = /[^.!?。！？…]+(?:[.!?…]+(?=\s|$)|[。！？]+|[.!?…]+(?=\S))*/gu;
const WORDS = new RegExp(`\\S[^]{0,${MOST_LETTERS - 1}}(?=\\s|$)|\\S[^]{0,${MOST_LETTERS - 1}}`, "gu");

/** The coarsest pieces of text[from:to] that each fit into a passage. */
function unitsOf(text: string, from: number, to: number, cuts = [PARAGRAPH, LINE, SENTENCE, WORDS]): Unit[] {
  const [cut, ...finer] = cuts as [RegExp, ...RegExp[]];
  const units: Unit[] = [];
  for (const match of text.slice(from, to).matchAll(cut)) {
    const start = from + match.index + (match[0].length - match[0].trimStart().length);
    const end = from + match.index + match[0].trimEnd().length;
    if (end <= start) continue;
    const tokens = countTokens(text.slice(start, end));
    if (tokens > MOST_TOKENS && finer.length > 0) units.push(...unitsOf(text, start, end, finer));
    else units.push({ start, end, tokens });
  }
  return units;
}

/** Units in a row that fit into one passage each, as [start, end]. */
function packed(units: Unit[]): [number, number][] {
  const passages: [number, number][] = [];
  for (let first = 0; first < units.length; ) {
    let next = first;
    let tokens = 0;
    while (next < units.length && (next === first || tokens + (units[next] as Unit).tokens <= MOST_TOKENS)) {
      tokens += (units[next] as Unit).tokens;
      next++;
    }
    passages.push([(units[first] as Unit).start, (units[next - 1] as Unit).end]);
    if (next === units.length) break;
    let again = next;
    let overlap = 0;
    while (again - 1 > first && overlap + (units[again - 1] as Unit).tokens <= OVERLAP_TOKENS) {
      again--;
      overlap += (units[again] as Unit).tokens;
    }
    first = again;
  }
  return passages;
}
