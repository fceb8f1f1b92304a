/** Markdown to DOM. Loaded on the first answer: the parser and the sanitiser are most of the page's script. */
import type { Links } from "marked";
import { codeFrame } from "./code-frame.ts";
import { drawFormula } from "./formulas.ts";
import { textNodes } from "./sanitiser.ts";
import { markup } from "./syntax.ts";
import { w } from "./words.ts";

/** Draws a text; `links` are addresses that are named elsewhere. */
export function draw(source: string, links: Links): DocumentFragment {
  const fragment = textNodes(markup(source, links));
  for (const formula of fragment.querySelectorAll<HTMLElement>("code.maths")) drawFormula(formula);
  for (const block of fragment.querySelectorAll<HTMLElement>(BLOCKS)) direct(block);
  for (const pre of fragment.querySelectorAll("pre")) codeFrame(pre);
  for (const table of fragment.querySelectorAll("table")) frameTable(table);
  return fragment;
}

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, table, th, td";
const FIRST_STRONG =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]|\p{L}/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Each block runs as its first letter does; most run as the page. */
function direct(block: HTMLElement): void {
  const [letter = ""] = FIRST_STRONG.exec(block.textContent ?? "") ?? [];
  if (RIGHT_TO_LEFT.test(letter)) block.dir = "rtl";
  else if (letter && block.parentElement?.closest("[dir=rtl]")) block.dir = "ltr";
}

function frameTable(table: HTMLTableElement): void {
  const frame = document.createElement("div");
  frame.className = "table-scroll";
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", w.table);
  if (table.dir) frame.dir = table.dir;
  table.replaceWith(frame);
  frame.append(table);
}

// The first drawing takes many times as long as the next: it is done before somebody waits for it, a part at a time.
for (const part of ["# *a*\n\n- b\n", "```c\nd\n```\n", "| e |\n|---|\n| `f` |\n"])
  setTimeout(draw, 0, part, {});
