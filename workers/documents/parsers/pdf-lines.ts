/** The pieces of text of a PDF's page → lines and paragraphs: a PDF knows neither. */

export interface TextPiece {
  str: string;
  /** The last two numbers are where it stands, from the left and from the bottom. */
  transform: number[];
  height: number;
  hasEOL: boolean;
}

/** A gap wider than this many lines' height is one between paragraphs. */
const PARAGRAPH = 1.6;

export function linesOf(pieces: readonly TextPiece[]): string {
  const lines: { text: string; y: number; height: number }[] = [];
  let line: (typeof lines)[number] | undefined;
  for (const { str, transform, height, hasEOL } of pieces) {
    if (str !== "") {
      const y = transform[5] ?? 0;
      line ??= { text: "", y, height };
      line.text += str;
      line.height = Math.max(line.height, height);
    }
    if (!hasEOL || !line) continue;
    lines.push(line);
    line = undefined;
  }
  if (line) lines.push(line);
  let text = "";
  for (const [at, { text: said, y, height }] of lines.entries()) {
    const before = lines[at - 1];
    text += before && text !== "" ? between(before.y - y, Math.max(before.height, height)) : "";
    text += said.trimEnd();
  }
  return joined(text).trim();
}

/** Up the page is a new column, or a new box: a paragraph too. */
const between = (down: number, height: number): string =>
  height > 0 && (down > height * PARAGRAPH || down < -height) ? "\n\n" : "\n";

/** A word that was cut at the end of its line is one again. */
const joined = (text: string): string => text.replace(/(\p{Ll})[-‐]\n(\p{Ll}+[^\s]*) ?/gu, "$1$2\n");
