/** Plain text, code and Markdown: one page, with the headings of Markdown. */
import type { Heading } from "../protocol.ts";
import { decode } from "./decode.ts";
import { checkLength, type Parser } from "./parser.ts";

export const parseText: Parser = async ({ file, name, type }, tell) => {
  checkLength(file.size / 4, name);
  const text = decode(new Uint8Array(await file.arrayBuffer()));
  checkLength(text.length, name);
  const headings = type === "markdown" ? headingsOf(text) : [];
  tell([{ page: 1, text, headings }], 1, 1);
  return { pages: 1, notes: [] };
};

const FENCE = /^ {0,3}(```+|~~~+)/;
const HEADING = /^ {0,3}(#{1,6})[ \t]+(.+?)[ \t]*#*$/;
const UNDERLINE = /^ {0,3}(=+|-+)[ \t]*$/;

/** Of Markdown, outside code. */
export function headingsOf(text: string): Heading[] {
  const headings: Heading[] = [];
  let fence: string | undefined;
  let at = 0;
  let before = { at: 0, line: "" };
  for (const line of text.split("\n")) {
    const mark = FENCE.exec(line)?.[1];
    if (mark && (fence === undefined || mark.startsWith(fence)))
      fence = fence === undefined ? mark : undefined;
    else if (fence === undefined) {
      const [, signs, title] = HEADING.exec(line) ?? [];
      const under = UNDERLINE.exec(line)?.[1];
      if (signs && title) headings.push({ at, level: signs.length, text: title });
      else if (under && /^[^\s>#*+-]/.test(before.line))
        headings.push({ at: before.at, level: under.startsWith("=") ? 1 : 2, text: before.line.trim() });
    }
    before = { at, line };
    at += line.length + 1;
  }
  return headings;
}
